import type { Ffmpeg } from '../../../src/egress/ffmpeg/ffmpeg.ts';
import type { ChunkTap, ProgramFeed } from '../../../src/egress/recording/feed.ts';
import { formats, type RecordingFormat } from '../../../src/egress/recording/format.ts';
import { RecordingStore } from '../../../src/egress/recording/store.ts';
import type { ProgramChunk } from '../../../src/egress/recording/timeline.ts';
import type { EncoderSpec, Engine } from '../../../src/engine/engine.ts';
import type { Clips } from '../clips/makeClips.ts';
import { EngineStage } from '../feed/engineStage.ts';
import { nowUs } from '../feed/feeder.ts';
import { treeCpuS } from '../machine/cpu.ts';
import { CpuSpan } from '../machine/cpuSpan.ts';
import { program } from '../program.ts';
import { type Span, sleep } from './run.ts';

/** Processor seconds per second of media. */
export interface RecordingCost {
  format: RecordingFormat;
  /** The ffmpeg that muxes, and makes AAC for mp4. */
  ffmpeg: number;
  /** What the server's process does more than without a recording. */
  server: number;
  /** What the mixer does more: handing out coded chunks. Small beside its noise. */
  mixer: number;
  /** `ffmpeg` and `server`: what is held against the limit. */
  recording: number;
  /** Processor seconds for the finished file, once, after `recordedS`. */
  finishing: number;
  recordedS: number;
  kbps: number;
  /** Shares of the machine's processor time, 0..1: in use by anybody, and by others than this run. */
  machineBusy: number;
  othersBusy: number;
}

/** The program's encoders run all the time, as for a viewer; a recording taps them. */
class Tapped implements ProgramFeed {
  readonly width = program.width;
  readonly height = program.height;
  readonly fps = program.fps;
  readonly kbps = program.videoKbps;
  readonly #engine: Engine;
  readonly #video: number;
  readonly #audio: number;
  #each: Record<'video' | 'audio', (chunk: ProgramChunk) => void> = { video() {}, audio() {} };

  constructor(engine: Engine, codec: 'vp8' | 'h264') {
    const { width, height, fps, videoKbps, audioKbps } = program;
    const start = (media: 'video' | 'audio', spec: EncoderSpec) =>
      engine.startEncoder(spec, { media() {}, chunk: (chunk) => this.#each[media](chunk) });
    this.#engine = engine;
    this.#video = start('video', { media: 'video', codec, width, height, fps, kbps: videoKbps });
    this.#audio = start('audio', { media: 'audio', codec: 'opus', kbps: audioKbps });
  }

  video(_codec: string, each: (chunk: ProgramChunk) => void): ChunkTap {
    return this.#tap('video', this.#video, each);
  }

  audio(each: (chunk: ProgramChunk) => void): ChunkTap {
    return this.#tap('audio', this.#audio, each);
  }

  #tap(media: 'video' | 'audio', encoder: number, each: (chunk: ProgramChunk) => void): ChunkTap {
    this.#each[media] = each;
    this.#engine.tap(encoder, true);
    return {
      keyFrame: () => this.#engine.keyFrame(encoder),
      close: () => this.#engine.tap(encoder, false),
    };
  }
}

interface Use {
  server: number;
  mixer: number;
  machineBusy: number;
  othersBusy: number;
}

/** One span without and one with a recording, of the same program. */
export async function runRecording(
  ffmpeg: Ffmpeg,
  format: RecordingFormat,
  clips: Clips,
  span: Span,
  folder: string,
): Promise<RecordingCost> {
  const { codec } = formats[format];
  const stage = new EngineStage(clips, codec);
  const settings = { lowWaterBytes: 0, retentionDays: 0, keyFrameIntervalMs: 4000 };
  const log = { info() {}, warn: console.warn, error: console.error };
  const store = new RecordingStore({ ...settings, folder, nowUs, log, ffmpeg: async () => ffmpeg });
  try {
    const feed = new Tapped(stage.engine, codec);
    await sleep(span.warmUpS);
    const without = await measure(stage.engine, span.measuredS);
    const recording = await store.begin({ room: 'bench', format, feed, changed() {} });
    await sleep(1);
    const startS = treeCpuS(recording.pid!);
    const began = performance.now();
    const used = await measure(stage.engine, span.measuredS);
    const ffmpegCpu = (treeCpuS(recording.pid!) - startS) / ((performance.now() - began) / 1000);
    const before = process.cpuUsage();
    const ended = othersOf(stage.engine);
    const { durationMs, bytes } = await store.change(recording.id, 'finished');
    const own = process.cpuUsage(before);
    const server = used.server - without.server;
    return {
      ...{ format, ffmpeg: ffmpegCpu, server, mixer: used.mixer - without.mixer },
      recording: ffmpegCpu + server,
      finishing: (own.user + own.system) / 1e6 + othersOf(stage.engine) - ended,
      recordedS: durationMs / 1000,
      kbps: (bytes * 8) / durationMs,
      machineBusy: Math.max(without.machineBusy, used.machineBusy),
      othersBusy: Math.max(without.othersBusy, used.othersBusy),
    };
  } finally {
    await store.close();
    await stage.close();
  }
}

/** Of ffmpegs, those that have ended included: neither this process nor the mixer. */
const othersOf = (engine: Engine): number => {
  const { user, system } = process.cpuUsage();
  return treeCpuS(process.pid) - treeCpuS(engine.pid!) - (user + system) / 1e6;
};

async function measure(engine: Engine, seconds: number): Promise<Use> {
  const own = process.cpuUsage();
  const mixerS = treeCpuS(engine.pid!);
  const all = new CpuSpan(process.pid);
  await sleep(seconds);
  const { seconds: passed, machineBusy, othersBusy } = all.end();
  const { user, system } = process.cpuUsage(own);
  return {
    server: (user + system) / 1e6 / passed,
    mixer: (treeCpuS(engine.pid!) - mixerS) / passed,
    machineBusy,
    othersBusy,
  };
}
