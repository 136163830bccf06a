/**
 * What a push program (`mixer/push/`) is told on its standard input, in the frames of `framing.ts`: one
 * CONTROL with a `PushOrder`, then CHUNKs of the two encoders below, times from the beginning of the
 * stream. On its standard output it says `running` once the target takes the stream; on standard error,
 * why it ends. It ends when its input does.
 */

export interface PushOrder {
  /** Of a WHIP endpoint. */
  url: string;
  width: number;
  height: number;
  fps: number;
  /** Of the pictures. */
  kbps: number;
}

export const PushEncoder = { VIDEO: 1, AUDIO: 2 } as const;
