import type { Slot } from '../../../src/live/contract.ts';
import { createStore, type Store } from '../state/store.ts';
import type { Screen } from './player.ts';

/** Somebody's sound, and how loud it shall be played beside the others, as a factor. */
export interface GallerySound {
  key: string;
  stream: MediaStream;
  gain: number;
}

export interface GalleryState {
  /** Pictures by `keyOf` whom they show. */
  pictures: Readonly<Record<string, MediaStream>>;
  sounds: readonly GallerySound[];
  /** Whether the speakers' sound is to be heard: not while something else is still there. */
  heard: boolean;
  /** There is something to see, or nothing to wait for. */
  ready: boolean;
}

/** A camera or screen of somebody. */
export const keyOf = ({ participant, kind }: { participant: string; kind: string }): string =>
  `${kind} ${participant}`;

/** The speakers one by one: which of a connection's tracks is whose, as the server tells. */
export class Gallery implements Screen {
  readonly store: Store<GalleryState> = createStore<GalleryState>({
    pictures: {},
    sounds: [],
    heard: false,
    ready: false,
  });
  #session: string | null = null;
  /** One stream for each section, so that elements keep what they play when others change. */
  #streams = new Map<string, MediaStream>();
  #slots: readonly Slot[] = [];
  readonly #slotsOf: (session: string) => readonly Slot[];

  /** @param slotsOf what the server has told so far of a session */
  constructor(slotsOf: (session: string) => readonly Slot[]) {
    this.#slotsOf = slotsOf;
  }

  show(connection: RTCPeerConnection, session: string): void {
    this.#session = session;
    this.#streams = new Map(
      connection
        .getTransceivers()
        .flatMap(({ mid, receiver }) =>
          mid === null ? [] : [[mid, new MediaStream([receiver.track])] as const],
        ),
    );
    this.#fill(this.#slotsOf(session));
  }

  /** Whom the sections of `session` carry now. */
  told(session: string, slots: readonly Slot[]): void {
    // With nobody in any of them there is nothing else to show: tiles go with the people, not with the slots.
    if (session === this.#session && slots.length > 0) this.#fill(slots);
  }

  hear(): void {
    this.store.set({ heard: true });
  }

  /** A picture came, or there is none to wait for. */
  isReady(): void {
    this.store.set({ ready: true });
  }

  /** Pictures stay as they are until others take their place. */
  hold(): void {
    this.#session = null;
  }

  #fill(slots: readonly Slot[]): void {
    this.#slots = slots;
    const streamOf = ({ mid }: Slot) => this.#streams.get(mid);
    const of = (media: Slot['media']) => this.#slots.filter((slot) => slot.media === media && streamOf(slot));
    this.store.set({
      pictures: Object.fromEntries(of('video').map((slot) => [keyOf(slot), streamOf(slot)!])),
      sounds: of('audio').map((slot) => ({
        key: keyOf(slot),
        stream: streamOf(slot)!,
        gain: 10 ** ((slot.volumeDb ?? 0) / 20),
      })),
    });
  }
}
