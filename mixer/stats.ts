import type { AudioRendition } from './audio/audioRendition.ts';
import type { MixerStats } from './protocol/control.ts';
import type { Source } from './source.ts';
import type { Ticker } from './ticker.ts';
import type { Programs } from './video/programs.ts';

/** What the mixer tells of itself each second. */
export function roomStats(
  ticker: Ticker,
  picture: Pick<Programs, 'skippedTicks' | 'stats' | 'latency'>,
  sound: AudioRendition[],
  sources: Source[],
): MixerStats {
  return {
    type: 'stats',
    ticks: ticker.ticks,
    lateTicks: picture.skippedTicks,
    tickLatenessP99Ms: ticker.takeLatenessP99Ms(),
    pictureLatency: picture.latency,
    encoders: [
      ...picture.stats(),
      ...sound.map(({ encoder, frames, bytes }) => ({
        encoder,
        frames,
        keyFrames: frames,
        encodeMsMean: 0,
        bytes,
      })),
    ],
    sources: sources.map((source) => ({
      participant: source.participant,
      kind: source.kind,
      decodedFrames: source.video?.decodedFrames ?? 0,
      lostPackets: (source.video?.lostPackets ?? 0) + (source.audio?.lostPackets ?? 0),
      audioDelayMs: source.timeline.audioDelayUs / 1000,
      avOffsetMs: source.timeline.avOffsetUs / 1000,
    })),
  };
}
