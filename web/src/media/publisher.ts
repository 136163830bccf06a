import type { Need } from '../../../src/rooms/need.ts';
import { MediaLink, type MediaLinkOptions } from './mediaLink.ts';
import { sendingOf } from './sendParameters.ts';

/** How a kind of picture is sent when it cannot all be. */
export interface Manner {
  /** Bits a second of the picture at most. */
  mostBps: number;
  degradation: 'maintain-framerate' | 'maintain-resolution';
  /** A voice has one channel, what a screen plays has two. */
  stereo: boolean;
}

/**
 * A 720p30 head needs no more, and 25 of them still fit through one server's network card. A tile is smaller
 * than the picture anyway, so a lost third of its lines is hardly seen, while a halved frame rate is seen at once.
 */
export const cameraManner: Manner = { mostBps: 1_700_000, degradation: 'maintain-framerate', stereo: false };
/** Text must be sharp, and seldom moves. */
export const screenManner: Manner = { mostBps: 2_500_000, degradation: 'maintain-resolution', stereo: true };

/** Feedback arrives several times a second while anything is sent. */
const QUIET_LIMIT_MS = 5000;

export interface Tracks {
  audio: MediaStreamTrack | null;
  video: MediaStreamTrack | null;
}

type Common = Pick<MediaLinkOptions, 'endpoint' | 'token' | 'iceServers' | 'changed'>;

/**
 * Sends this person's sound and picture by WHIP (RFC 9725). Both media are always offered, with or
 * without a track, because WHIP does not renegotiate: a camera switched on later finds its place.
 */
export class Publisher {
  readonly link: MediaLink;
  readonly #manner: Manner;
  #tracks: Tracks;
  #need: Need | null = null;
  #applying = Promise.resolve();

  constructor(tracks: Tracks, manner: Manner, common: Common) {
    this.#tracks = tracks;
    this.#manner = manner;
    this.link = new MediaLink({
      ...common,
      quietLimitMs: QUIET_LIMIT_MS,
      stereo: manner.stereo,
      prepare: (connection) => this.#prepare(connection),
      opened: () => this.#apply(),
    });
  }

  /** Changes what is sent, without a new offer. */
  async replace(tracks: Tracks): Promise<void> {
    this.#tracks = tracks;
    const transceivers = this.link.connection?.getTransceivers() ?? [];
    await Promise.all([
      transceivers[0]?.sender.replaceTrack(tracks.audio),
      transceivers[1]?.sender.replaceTrack(tracks.video),
    ]).catch(() => this.link.retryNow());
    this.#apply();
  }

  /** In which size and rate the picture is needed from now on: nothing is negotiated anew. */
  need(need: Need): void {
    this.#need = need;
    this.#apply();
  }

  close(): void {
    this.link.close();
  }

  #prepare(connection: RTCPeerConnection): void {
    connection.addTransceiver(this.#tracks.audio ?? 'audio', { direction: 'sendonly' });
    connection.addTransceiver(this.#tracks.video ?? 'video', {
      direction: 'sendonly',
      sendEncodings: [{ maxBitrate: this.#manner.mostBps }],
    });
    this.#apply(connection);
  }

  /** One after the other: parameters that were read before another change are refused. */
  #apply(connection = this.link.connection): void {
    if (!connection) return;
    this.#applying = this.#applying.then(() => this.#set(connection)).catch(() => {});
  }

  async #set(connection: RTCPeerConnection): Promise<void> {
    const sender = connection.getTransceivers()[1]?.sender;
    if (!sender || connection.connectionState === 'closed') return;
    const { width, height } = this.#tracks.video?.getSettings() ?? {};
    const size = width && height ? { width, height } : null;
    const parameters = sender.getParameters();
    const [encoding] = parameters.encodings;
    if (!encoding) return;
    Object.assign(encoding, sendingOf(this.#need, size, this.#manner.mostBps));
    (parameters as { degradationPreference?: string }).degradationPreference = this.#manner.degradation;
    await sender.setParameters(parameters);
  }
}
