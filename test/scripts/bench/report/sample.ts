import {
  type BenchMode,
  type BenchPoint,
  type BenchResult,
  benchModes,
  type CpuParts,
} from '../../../../scripts/bench/compare/result.ts';
import { normals } from './fit/simulated.ts';

/** The law that a sample follows: cores of CPU, bit/s and ms for every cell, so that answers are known. */
export const law: Record<BenchMode, { base: number; speaker: number; viewer: number; both: number }> = {
  mcu: { base: 0.12, speaker: 0.07, viewer: 0.0026, both: 0 },
  sfu: { base: 0.01, speaker: 0.004, viewer: 0.0003, both: 0.0024 },
  'sfu-fit': { base: 0.01, speaker: 0.002, viewer: 0.0003, both: 0.0013 },
};

export const streamBps = { mcu: 2.1e6, sfu: 1.58e6, 'sfu-fit': 0.65e6 };

export function coresAt(mode: BenchMode, speakers: number, viewers: number): number {
  const { base, speaker, viewer, both } = law[mode];
  return base + speaker * speakers + viewer * viewers + both * speakers * viewers;
}

interface Wish {
  /** Deviation of a point's CPU as a share of it. */
  noise?: number;
  seed?: number;
  speakers?: number[];
  viewers?: number[];
  /** Cells that were not measured. */
  without?: (mode: BenchMode, speakers: number, viewers: number) => boolean;
}

/** A result as `npm run bench` writes it, made by the law above: for tests, measured by nobody. */
export function sampleResult(wish: Wish = {}): BenchResult {
  const { noise = 0, seed = 1, speakers = [1, 2, 4, 8], viewers = [1, 10, 30], without = () => false } = wish;
  const normal = normals(seed);
  const cells = benchModes.flatMap((mode) =>
    speakers.flatMap((s) => viewers.map((v) => [mode, s, v] as const)),
  );
  const skipped = cells.filter((cell) => without(...cell));
  const points = cells
    .filter((cell) => !without(...cell))
    .flatMap(([mode, s, v]) =>
      [1, 2].map((repetition) => samplePoint(mode, s, v, repetition, 1 + noise * normal())),
    );
  return {
    version: 1,
    date: '2026-01-02T03:04:05.000Z',
    command: 'npm run bench',
    machine: { model: 'Sample <CPU> & "Co"', cores: 2, memoryBytes: 8e9, kernel: '6.1.0' },
    versions: { rostrum: '0.1.0', node: 'v20.20.2', ffmpeg: '5.1.9' },
    codec: 'vp8',
    grid: { modes: [...benchModes], speakers, viewers, repetitions: 2, seconds: 5, seed },
    clips: {
      full: { width: 1280, height: 720, fps: 30, kbps: 1500 },
      fit: { width: 640, height: 360, fps: 30, kbps: 600 },
    },
    audioKbps: 32,
    program: { width: 1280, height: 720, fps: 30, kbps: 2000 },
    tookS: 500,
    ended: null,
    points,
    skipped: skipped.map(([mode, s, v]) => ({ mode, speakers: s, viewers: v, why: 'beyond the load' })),
    references: [
      {
        name: 'gstreamer',
        job: 'four speakers into one program',
        skipped: null,
        version: '1.22.0',
        cpu: 0.4,
        packetUs: null,
        ours: 0.3,
        seconds: 10,
      },
      {
        name: 'janus-videoroom',
        job: 'forwarding',
        skipped: 'janus is not installed',
        version: null,
        cpu: null,
        packetUs: null,
        ours: null,
        seconds: 0,
      },
      {
        name: 'janus-audiobridge',
        job: 'sound alone',
        skipped: null,
        version: '1.1.2',
        cpu: 0.25,
        packetUs: null,
        ours: 0.2,
        further: { theirs: 0.009, ours: 0.0008 },
        seconds: 10,
      },
    ],
    mesh: [2, 3, 4, 8].map((clients) => ({
      clients,
      measured: clients < 4,
      uplinkBps: 1e6 * (clients - 1),
      downlinkBps: 1e6 * (clients - 1),
      clientCpu: 0.1 + 0.15 * (clients - 1),
      perPeerCpu: 0.15,
    })),
  };
}

export function samplePoint(
  mode: BenchMode,
  speakers: number,
  viewers: number,
  repetition: number,
  factor = 1,
): BenchPoint {
  const total = coresAt(mode, speakers, viewers) * factor;
  const streams = mode === 'mcu' ? 1 : speakers;
  return {
    mode,
    speakers,
    viewers,
    repetition,
    startedS: 10,
    valid: true,
    why: [],
    seconds: 5,
    cpu: {
      total,
      parts: repetition === 1 ? sampleParts(mode, total) : null,
      profiledTotal: null,
      withoutMixers: law[mode].base / 2 + (coresAt(mode, speakers, viewers) - coresAt(mode, speakers, 0)),
    },
    memoryBytes: 2e8,
    uplinkBps: streamBps[mode === 'mcu' ? 'sfu' : mode],
    downlinkBps: streams * streamBps[mode],
    packetsPerSecond: 285 * streams * viewers,
    receivedPacketsPerSecond: 220 * speakers,
    lossFraction: 0,
    picturesPerSecond: 30,
    freezesPerMinute: 0,
    joinMs: { p50: 60, p95: 90, count: viewers },
    glassMs: {
      p50: mode === 'mcu' ? 45 + speakers : 12 + speakers,
      p95: mode === 'mcu' ? 80 : 30,
      count: 100,
    },
    clientDecodeCpu: 0.027 * streams * (mode === 'sfu-fit' ? 0.3 : 1),
    generatorCpu: { publishers: 0.1, viewers: 0.2 },
    generatorLagMs: { publishers: 1, viewers: 1 },
    machineBusy: 0.4,
    othersBusy: 0.01,
  };
}

function sampleParts(mode: BenchMode, total: number): CpuParts {
  const shares = mode === 'mcu' ? [0.05, 0.3, 0.1, 0.4, 0.1, 0.05] : [0.2, 0, 0, 0, 0.7, 0.1];
  const [receive, decode, compose, encode, send, other] = shares.map((share) => share * total) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return { receive, decode, compose, encode, send, other };
}
