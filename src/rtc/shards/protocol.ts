/** What the main thread and a delivery thread say to each other: a delivery's own messages, and these. */

import type { FromDelivery, LagHistogram, RtcSettings, ToDelivery } from '../contract.ts';

export type ToShard =
  | ToDelivery
  /** Say goodbye to everybody, then end. */
  | { type: 'end' };

export type FromShard =
  | FromDelivery
  | { type: 'ready' }
  /** Once a second. */
  | { type: 'load'; lag: LagHistogram };

/** What a delivery thread is started with. */
export interface ShardData {
  settings: RtcSettings;
  /** One Int32: pictures taken so far, modulo 2³². */
  progress: SharedArrayBuffer;
}
