/** What one room measures of itself, for `/metrics`. */

import type { Histogram, SourceKind } from '../../mixer/protocol/control.ts';

export type { Histogram };

export interface RoomMetrics {
  room: string;
  publishers: number;
  subscribers: number;
  videoEncoders: number;
  audioEncoders: number;
  mixerRestarts: number;
  mixerPid: number | null;
  /** Pictures of the program left out because the one before was not encoded yet, since the room's start. */
  skippedPictures: number;
  /** Nobody new is taken in here, or anywhere. */
  full: boolean;
  /** How late pictures were begun: 99th percentile of the last second, ms. */
  tickLatenessP99Ms: number;
  /** Since the mixer's start; null while it has said nothing of them. */
  tickLateness: Histogram | null;
  pictureLatency: Histogram | null;
  soundLatency: Histogram | null;
  /** How much each source's sound is ahead of its picture. */
  avOffsets: { participant: string; kind: SourceKind; offsetMs: number }[];
  packetsSent: number;
  bytesSent: number;
}
