import { MediaLink, type MediaLinkOptions } from './mediaLink.ts';
import { preferSpoken } from './spokenCodecs.ts';

/** The server reports each second, so silence of the network this long means that somebody is gone. */
const QUIET_LIMIT_MS = 2000;

export type PlayerCommon = Pick<MediaLinkOptions, 'endpoint' | 'token' | 'iceServers' | 'changed'>;

/** Where what is received goes. */
export interface Screen {
  /**
   * A new connection has its answer, at first and after each reconnection.
   * @param session as the server calls it
   */
  show(connection: RTCPeerConnection, session: string): void;
  /** The connection is about to end: its last picture should stay. */
  hold(): void;
}

/** Receives by WHEP: the program, which is one sound and one picture, or as many speakers as it has pairs. */
export class Player {
  readonly link: MediaLink;

  constructor(common: PlayerCommon, pairs: number, screen: Screen) {
    this.link = new MediaLink({
      ...common,
      quietLimitMs: QUIET_LIMIT_MS,
      stereo: true,
      prepare(connection) {
        for (let pair = 0; pair < pairs; pair++) {
          const sound = connection.addTransceiver('audio', { direction: 'recvonly' });
          const picture = connection.addTransceiver('video', { direction: 'recvonly' });
          if (pairs > 1) preferSpoken(sound, picture);
        }
      },
      opened: ({ connection, session }) => screen.show(connection, session),
      closing: () => screen.hold(),
    });
  }

  close(): void {
    this.link.close();
  }
}
