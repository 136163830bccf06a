import { MediaLink, type MediaLinkOptions } from './mediaLink.ts';

/** The program never stops, so silence of the network this long means that somebody is gone. */
const QUIET_LIMIT_MS = 2000;

type Common = Pick<MediaLinkOptions, 'endpoint' | 'token' | 'iceServers' | 'changed'>;

/** Where the program goes. */
export interface Screen {
  /** A new stream, at the first connection and after each reconnection. */
  show(stream: MediaStream): void;
  /** The stream is about to end: its last picture should stay. */
  hold(): void;
}

/** Receives the program by WHEP: one sound and one picture, whoever is on stage. */
export class Player {
  readonly link: MediaLink;

  constructor(common: Common, screen: Screen) {
    this.link = new MediaLink({
      ...common,
      quietLimitMs: QUIET_LIMIT_MS,
      prepare(connection) {
        connection.addTransceiver('audio', { direction: 'recvonly' });
        connection.addTransceiver('video', { direction: 'recvonly' });
      },
      opened(connection) {
        screen.show(new MediaStream(connection.getReceivers().map(({ track }) => track)));
      },
      closing: () => screen.hold(),
    });
  }

  close(): void {
    this.link.close();
  }
}
