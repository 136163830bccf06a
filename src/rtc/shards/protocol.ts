/** What the main thread and a delivery thread say to each other: a delivery's own messages, and these. */

import type { FromDelivery, RtcSettings, ToDelivery } from '../contract.ts';

export type ToShard =
  | ToDelivery
  /** Measure the loop's delay anew. */
  | { type: 'measure' }
  /** Say goodbye to everybody, then end. */
  | { type: 'end' };

export type FromShard =
  | FromDelivery
  | { type: 'ready' }
  /** Once a second: since the loop's delay was measured anew, and of that second. */
  | { type: 'load'; lagP99Ms: number; recentLagP99Ms: number };

/** What a delivery thread is started with. */
export interface ShardData {
  settings: RtcSettings;
  /** One Int32: pictures taken so far, modulo 2³². */
  progress: SharedArrayBuffer;
}
