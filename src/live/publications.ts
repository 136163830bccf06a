import type { SourceKind } from '../../mixer/protocol/control.ts';
import type { TrackFrame } from '../../mixer/protocol/framing.ts';
import type { TrackStream } from '../egress/bundle/feed.ts';
import type { Engine } from '../engine/engine.ts';
import { RostrumError } from '../errors.ts';
import type { Participant } from '../rooms/participant.ts';
import type { Room } from '../rooms/room.ts';
import { type Forward, type OpenPublisher, Publication, type PublicationEvents } from './publication.ts';

export interface PublicationsParts {
  room: Room;
  engine: Engine;
  forward: Forward;
  /** Tiles at a time. */
  maxStage: number;
  nowMs(): number;
  returned(): void;
  notice(participant: string, code: string, detail: string): void;
  level(participant: string, kind: SourceKind, levelDb: number, atMs: number): void;
  frame(stream: TrackStream, frame: TrackFrame): void;
  ended(publication: Publication, reason: string): void;
}

/** Sources off stage have no tile, yet each costs a peer connection. */
const SOURCES_PER_TILE = 2;

const keyOf = (participant: string, kind: SourceKind): string => `${kind} ${participant}`;

/** Everything that is sent into one room; each person has at most one of each kind. */
export class Publications {
  readonly #parts: PublicationsParts;
  readonly #open = new Map<string, Publication>();
  readonly #opening = new Map<string, Publication>();

  constructor(parts: PublicationsParts) {
    this.#parts = parts;
  }

  /** Publications, those included that are just being made. */
  get size(): number {
    return this.#open.size + this.#opening.size;
  }

  [Symbol.iterator](): IterableIterator<Publication> {
    return this.#open.values();
  }

  get(id: string): Publication | undefined {
    return [...this.#open.values()].find((publication) => publication.id === id);
  }

  /** What somebody sends of a kind, once opened. */
  of(participant: string, kind: SourceKind): Publication | undefined {
    return this.#open.get(keyOf(participant, kind));
  }

  has(participant: string): boolean {
    return this.#all().some((publication) => publication.participant === participant);
  }

  /**
   * Opens a publication and puts it on stage in place of its predecessor. An offer that is refused
   * leaves the predecessor alone.
   * @throws RostrumError sdp-malformed | sdp-refused | full, no-such-session when it was ended meanwhile
   */
  async publish(participant: Participant, kind: SourceKind, open: OpenPublisher): Promise<Publication> {
    const key = keyOf(participant.id, kind);
    this.#requireSpace(participant, kind);
    this.#opening.get(key)?.end('a newer request replaces it');
    const publication = new Publication(
      participant.id,
      kind,
      this.#parts,
      this.#events(participant.id, kind),
    );
    this.#opening.set(key, publication);
    try {
      await publication.open(open);
    } finally {
      if (this.#opening.get(key) === publication) this.#opening.delete(key);
    }
    // It may have been ended between its answer and this turn.
    publication.requireOpen();
    const before = this.#open.get(key);
    publication.source = this.#parts.room.addSource(
      participant,
      kind,
      publication.offered,
      this.#parts.nowMs(),
    );
    this.#open.set(key, publication);
    before?.end('a newer one replaces it');
    return publication;
  }

  /** Whether everything somebody sends finds a tile. @throws RostrumError full */
  requireTiles(participant: Participant): void {
    const { maxStage } = this.#parts;
    if (this.#onStage().size + participant.sources.size > maxStage) throw stageFull(maxStage);
  }

  /** Ends what one person sends. */
  endOf(participant: string, reason: string): void {
    for (const publication of this.#all()) {
      if (publication.participant === participant) publication.end(reason);
    }
  }

  /** Ends what has been silent for too long. */
  endGone(): void {
    for (const source of this.#parts.room.gone(this.#parts.nowMs())) {
      this.#open.get(keyOf(source.participant, source.kind))?.end('nothing came from it any more');
    }
  }

  close(): void {
    for (const publication of this.#all()) publication.end('the room ends');
  }

  /** @throws RostrumError full */
  #requireSpace(participant: Participant, kind: SourceKind): void {
    const { maxStage } = this.#parts;
    const key = keyOf(participant.id, kind);
    const taken = this.#onStage();
    if (participant.stageAllowed && !taken.has(key) && taken.size >= maxStage) throw stageFull(maxStage);
    if (!this.#open.has(key) && this.size >= maxStage * SOURCES_PER_TILE) {
      throw new RostrumError(
        'full',
        'too many people send into this room; try again when somebody has left',
        10,
      );
    }
  }

  /** What has a tile or is about to have one. */
  #onStage(): Set<string> {
    const occupants = this.#parts.room.occupants(this.#parts.nowMs());
    const tiles = occupants.map(({ participant, kind }) => keyOf(participant, kind));
    return new Set([...tiles, ...this.#opening.keys()]);
  }

  #all(): Publication[] {
    return [...this.#open.values(), ...this.#opening.values()];
  }

  #events(participant: string, kind: SourceKind): PublicationEvents {
    return {
      returned: () => this.#parts.returned(),
      notice: (code, detail) => this.#parts.notice(participant, code, detail),
      level: (levelDb, atMs) => this.#parts.level(participant, kind, levelDb, atMs),
      frame: (stream, frame) => this.#parts.frame(stream, frame),
      ended: (publication, reason) => this.#forget(publication, reason),
    };
  }

  #forget(publication: Publication, reason: string): void {
    const { participant, kind, source } = publication;
    const key = keyOf(participant, kind);
    if (source) this.#parts.room.removeSource(source);
    if (this.#open.get(key) === publication) {
      this.#open.delete(key);
      this.#parts.engine.forgetGain(participant, kind);
    }
    this.#parts.ended(publication, reason);
  }
}

const stageFull = (maxStage: number): RostrumError =>
  new RostrumError('full', `the stage holds ${maxStage} at a time; try again when somebody has left it`, 10);
