/** What the routes work with. */

import type { FileLinks } from '../access/fileLinks.ts';
import type { IceServersFor } from '../access/iceServers.ts';
import type { BaseOf } from '../access/links.ts';
import type { Tokens } from '../access/tokens.ts';
import type { LiveRooms } from '../live/contract.ts';
import type { Logger } from '../log.ts';
import type { Counts } from './metrics/counts.ts';

export interface HttpParts {
  rooms: LiveRooms;
  tokens: Tokens;
  apiKey: string;
  fileLinks: FileLinks;
  iceServersFor: IceServersFor;
  baseOf: BaseOf;
  /** Life of a join token when the request names none, seconds. */
  tokenTtlS: number;
  /** True from the first moment of a shutdown. */
  isDraining(): boolean;
  counts: Counts;
  /** Folder of the built page. */
  pageFolder: string;
  log: Logger;
}
