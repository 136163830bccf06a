import { MediaLink, type MediaLinkOptions } from './mediaLink.ts';

/** A 720p30 head needs no more, and 25 of them still fit through one server's network card. */
const MAX_VIDEO_BPS = 1_700_000;
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
  #tracks: Tracks;

  constructor(tracks: Tracks, common: Common) {
    this.#tracks = tracks;
    this.link = new MediaLink({
      ...common,
      quietLimitMs: QUIET_LIMIT_MS,
      prepare: (connection) => this.#prepare(connection),
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
  }

  close(): void {
    this.link.close();
  }

  #prepare(connection: RTCPeerConnection): void {
    connection.addTransceiver(this.#tracks.audio ?? 'audio', { direction: 'sendonly' });
    const video = connection.addTransceiver(this.#tracks.video ?? 'video', {
      direction: 'sendonly',
      sendEncodings: [{ maxBitrate: MAX_VIDEO_BPS }],
    });
    const parameters = video.sender.getParameters();
    // A tile is smaller than the picture anyway, so a lost third of its lines is hardly seen, while
    // a halved frame rate is seen at once.
    (parameters as { degradationPreference?: string }).degradationPreference = 'maintain-framerate';
    video.sender.setParameters(parameters).catch(() => {});
  }
}
