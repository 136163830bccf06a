/** What signalling works with, and its limits. */

import type { FileLinks } from '../access/fileLinks.ts';
import type { IceServersFor } from '../access/iceServers.ts';
import type { BaseOf } from '../access/links.ts';
import type { Tokens } from '../access/tokens.ts';
import type { LiveRooms } from '../live/contract.ts';
import type { Logger } from '../log.ts';

export interface SignalingLimits {
  /** WebSockets at a time; further ones are answered with 503. */
  maxSockets: number;
  /** From the handshake to a valid join. */
  joinTimeoutMs: number;
  /** A ping each; a client that answered none since the one before is gone. */
  pingIntervalMs: number;
  messagesPerSecond: number;
  messageBurst: number;
}

export const defaultLimits: SignalingLimits = {
  maxSockets: 10_000,
  joinTimeoutMs: 10_000,
  pingIntervalMs: 15_000,
  messagesPerSecond: 50,
  messageBurst: 100,
};

export interface SignalingParts {
  rooms: LiveRooms;
  tokens: Tokens;
  fileLinks: FileLinks;
  iceServersFor: IceServersFor;
  baseOf: BaseOf;
  /** Life of the tokens in invitations, seconds. */
  tokenTtlS: number;
  /** Origins allowed beside the page's own. */
  origins: readonly string[];
  isDraining(): boolean;
  counts: { socketOpened(): void; socketClosed(): void };
  limits: SignalingLimits;
  log: Logger;
}
