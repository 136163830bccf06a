import type { SoundDesk } from './audio/desk.ts';
import type { MixerStats } from './protocol/control.ts';
import type { Source } from './source.ts';
import type { Ticker } from './ticker.ts';
import type { Programs } from './video/programs.ts';

/** What the mixer tells of itself each second. */
export function roomStats(
  ticker: Ticker,
  picture: Pick<Programs, 'skippedTicks' | 'stats' | 'latency'>,
  sound: Pick<SoundDesk, 'stats' | 'latency'>,
  sources: Source[],
): MixerStats {
  return {
    type: 'stats',
    ticks: ticker.ticks,
    lateTicks: picture.skippedTicks,
    tickLatenessP99Ms: ticker.takeLatenessP99Ms(),
    tickLateness: ticker.latenessHistogram,
    pictureLatency: picture.latency,
    soundLatency: sound.latency.histogram,
    encoders: [...picture.stats(), ...sound.stats()],
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
