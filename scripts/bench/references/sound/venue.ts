import type { Negotiate } from '../../load/publisher.ts';

/** How one person takes part: with one connection both ways, or one for each way. */
export interface Part {
  negotiate: Negotiate;
  direction: 'sendonly' | 'recvonly' | 'sendrecv';
}

/** Somewhere people talk and listen: a room of Rostrum, or of another program. */
export interface Venue {
  /** Connections of somebody who talks and hears the others. */
  speaker(token: string): Part[];
  /** The connection of somebody who listens. */
  listener(token: string): Part;
  close(): Promise<void>;
}
