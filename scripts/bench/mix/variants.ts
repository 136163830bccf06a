import type { VideoCodec } from '../../../mixer/protocol/control.ts';
import { type Clips, makeClips } from '../clips/makeClips.ts';
import { makeSlide, slideFps } from '../clips/slideClip.ts';
import { screenTrack, stageTracks } from '../feed/stage.ts';
import type { MixVariant } from '../options.ts';
import { benchScene, slideScene } from '../program.ts';
import { makeJudge } from '../quality/quality.ts';
import { type MixerJob, runJob, runMixer } from '../runs/mixerRun.ts';
import { runNative } from '../runs/nativeRun.ts';
import type { RunFigures, RunResult, Span } from '../runs/run.ts';
import { type Comparison, compare, compareStill } from '../verdict.ts';

/** What both sides of a comparison are run with. */
export interface Bench {
  mixerMain: string;
  ffmpeg: string;
  cache: string;
  /** For what is sent while it is measured. */
  file: string;
  span: Span;
  /** Of each side, in turn. */
  runs: number;
  say: (line: string) => void;
}

export interface Variant {
  title: string;
  /** What is divided by what. */
  said: string;
  run(bench: Bench, codec: VideoCodec): Promise<Comparison>;
}

export const variants: Record<MixVariant, Variant> = {
  full: {
    title: 'four 720p30 speakers → one 720p30 program, with sound',
    said: 'mixer / native',
    run: (bench, codec) => againstNative(bench, codec, 'full'),
  },
  economy: {
    title: 'four speakers who send 640×360, as they are asked to → one 720p30 program, with sound',
    said: 'mixer at 640×360 / native at 1280×720',
    run: (bench, codec) => againstNative(bench, codec, 'economy'),
  },
  still: {
    title: 'a slide that stands still and one 720p30 speaker → one 720p30 program, with sound',
    said: 'still / four moving',
    run: stillAgainstMoving,
  },
};

const NATIVE_WARM_UP_S = 5;

/** The reference always decodes 720p, whatever our speakers send. */
async function againstNative(bench: Bench, codec: VideoCodec, size: 'full' | 'economy'): Promise<Comparison> {
  const { mixerMain, ffmpeg, cache, file, span, say } = bench;
  const full = await makeClips(ffmpeg, cache, say);
  const sent = size === 'full' ? full : await makeClips(ffmpeg, cache, say, size);
  const judge = await makeJudge(ffmpeg, full, codec);
  const ours = size === 'full' ? judge : await makeJudge(ffmpeg, sent, codec);
  // Nothing in it is compiled while it runs.
  const nativeSpan = { ...span, warmUpS: Math.min(span.warmUpS, NATIVE_WARM_UP_S) };
  const runs: RunResult[] = [];
  for (let run = 1; run <= bench.runs; run++) {
    say(`${codec}, run ${run} of ${bench.runs}: mixer`);
    runs.push(await runMixer(mixerMain, codec, sent, span, ours, file));
    say(`${codec}, run ${run} of ${bench.runs}: native`);
    runs.push(await runNative(ffmpeg, codec, full, nativeSpan, judge, file));
    if (sent === full) continue;
    say(`${codec}, run ${run} of ${bench.runs}: native, given what the mixer was given`);
    runs.push({ ...(await runNative(ffmpeg, codec, sent, nativeSpan, ours, file)), side: 'floor' });
  }
  return compare(codec, runs, size === 'full');
}

async function stillAgainstMoving(bench: Bench, codec: VideoCodec): Promise<Comparison> {
  const { mixerMain, ffmpeg, cache, span, say } = bench;
  const clips = await makeClips(ffmpeg, cache, say);
  const slide = await makeSlide(ffmpeg, cache, codec);
  const runs: RunFigures[] = [];
  for (let run = 1; run <= bench.runs; run++) {
    say(`${codec}, run ${run} of ${bench.runs}: a still slide and one speaker`);
    const { result } = await runJob(mixerMain, codec, stillJob(clips, slide, codec), span);
    runs.push({ ...result, side: 'still' });
    say(`${codec}, run ${run} of ${bench.runs}: four moving`);
    const moving = { tracks: stageTracks(clips, codec), scene: benchScene() };
    runs.push((await runJob(mixerMain, codec, moving, span)).result);
  }
  return compareStill(codec, runs);
}

const stillJob = (clips: Clips, slide: string, codec: VideoCodec): MixerJob => ({
  tracks: [...stageTracks(clips, codec, 1), screenTrack(slide, codec, slideFps)],
  scene: slideScene(),
});
