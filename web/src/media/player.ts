import { MediaLink, type MediaLinkOptions } from './mediaLink.ts';

/** The program never stops, so silence of the network this long means that somebody is gone. */
const QUIET_LIMIT_MS = 2000;

type Common = Pick<MediaLinkOptions, 'endpoint' | 'token' | 'iceServers' | 'changed'>;

/** Receives the program by WHEP: one sound and one picture, whoever is on stage. */
export class Player {
  readonly link: MediaLink;

  /** @param arrived is given a new stream at the first connection and after each reconnection */
  constructor(common: Common, arrived: (stream: MediaStream) => void) {
    this.link = new MediaLink({
      ...common,
      quietLimitMs: QUIET_LIMIT_MS,
      prepare(connection) {
        connection.addTransceiver('audio', { direction: 'recvonly' });
        connection.addTransceiver('video', { direction: 'recvonly' });
      },
      opened(connection) {
        arrived(new MediaStream(connection.getReceivers().map(({ track }) => track)));
      },
    });
  }

  close(): void {
    this.link.close();
  }
}
