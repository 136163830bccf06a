import type { Log } from '../engine/log.ts';
import type { Membership, ParticipantView, RoomEvent, RoomView } from './contract.ts';

/** Changes are told at once, further ones together after this pause. */
const PAUSE_MS = 100;
/** With many people the list is long and its readers are many: the pause grows with them. */
const PEOPLE_PER_PAUSE = 50;

type Reader = (event: RoomEvent) => void;

export interface Told {
  room(): RoomView;
  participants(): ParticipantView[];
  /** Somebody's membership ended, by themselves or because they joined again. */
  left(participant: string): void;
}

/** Who listens to a room over signalling, and what they were told last. */
export class Members {
  readonly #told: Told;
  readonly #log: Log;
  readonly #readers = new Map<string, Reader>();
  #timer: NodeJS.Timeout | undefined;
  #again = false;
  #closed = false;
  #lastRoom = '';
  #lastPeople = '';

  constructor(told: Told, log: Log) {
    this.#told = told;
    this.#log = log;
  }

  has(participant: string): boolean {
    return this.#readers.has(participant);
  }

  /** A second join of the same person ends the first. */
  join(participant: string, each: Reader): Membership {
    this.end(participant, 'replaced');
    this.#readers.set(participant, each);
    return {
      participant,
      leave: () => {
        if (this.#readers.get(participant) !== each) return;
        this.#readers.delete(participant);
        this.#told.left(participant);
      },
    };
  }

  /** Something changed that everybody may see. */
  changed(): void {
    if (this.#closed) return;
    if (this.#timer) {
      this.#again = true;
      return;
    }
    // The turn's other changes are told together with this one.
    this.#timer = setTimeout(() => this.#flush(), 0);
  }

  broadcast(event: RoomEvent): void {
    for (const each of [...this.#readers.values()]) this.#tell(each, event);
  }

  notice(participant: string, code: string, detail: string): void {
    this.tell(participant, { type: 'notice', code, detail });
  }

  /** Something for one person alone. */
  tell(participant: string, event: RoomEvent): void {
    const each = this.#readers.get(participant);
    if (each) this.#tell(each, event);
  }

  /** The last event for one person; they are not a member any more. */
  end(participant: string, reason: Extract<RoomEvent, { type: 'ended' }>['reason']): void {
    const each = this.#readers.get(participant);
    if (!each) return;
    this.#readers.delete(participant);
    this.#tell(each, { type: 'ended', reason });
  }

  close(reason: 'room-deleted' | 'shutting-down'): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const participant of [...this.#readers.keys()]) this.end(participant, reason);
  }

  #flush(): void {
    this.#again = false;
    this.#timer = undefined;
    if (this.#readers.size === 0) return;
    const participants = this.#told.participants();
    const pauseMs = PAUSE_MS * Math.ceil((participants.length + 1) / PEOPLE_PER_PAUSE);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#again) this.changed();
    }, pauseMs);
    this.#timer.unref();
    this.#tellRoom(this.#told.room());
    this.#tellPeople(participants);
  }

  #tellRoom(room: RoomView): void {
    const text = JSON.stringify(room, withoutMeasures);
    if (text === this.#lastRoom) return;
    this.#lastRoom = text;
    this.broadcast({ type: 'room', room });
  }

  #tellPeople(participants: ParticipantView[]): void {
    const text = JSON.stringify(participants, withoutMeasures);
    if (text === this.#lastPeople) return;
    this.#lastPeople = text;
    this.broadcast({ type: 'participants', participants });
  }

  #tell(each: Reader, event: RoomEvent): void {
    try {
      each(event);
    } catch (error) {
      this.#log.warn({ event: event.type, error: String(error) }, 'a member could not be told');
    }
  }
}

const measures = new Set(['levelDb', 'speaking', 'avOffsetMs']);

/** What changes all the time would make every list a new one; levels have an event of their own. */
const withoutMeasures = (key: string, value: unknown): unknown => (measures.has(key) ? undefined : value);
