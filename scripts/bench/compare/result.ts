/**
 * What `npm run bench` measures, as it is kept in JSON: fits, tables and charts read nothing else.
 * CPU is always in cores: seconds of user and system time per second.
 */

import type { VideoCodec } from '../../../mixer/protocol/control.ts';

/** Raised when a field changes its meaning or goes. */
export const RESULT_VERSION = 1;

/**
 * `mcu`: one mixed program to everybody. `sfu`: each speaker's 1280×720 stream at 1,500 kbit/s to
 * everybody. `sfu-fit`: each speaker sends what a tile of four needs, 640×360 at 600 kbit/s.
 */
export type BenchMode = 'mcu' | 'sfu' | 'sfu-fit';

export const benchModes: readonly BenchMode[] = ['mcu', 'sfu', 'sfu-fit'];

/** Where the server's CPU went. `other`: HTTP, garbage collection, compilation, timers, the rest. */
export interface CpuParts {
  /** Speakers' datagrams until they are packets in order: guard, ICE, SRTP, jitter buffer, relay. */
  receive: number;
  /** Pictures and sound of speakers. */
  decode: number;
  /** Tiles scaled and drawn, sounds mixed. */
  compose: number;
  /** The program's pictures and sound, and making packets of them. */
  encode: number;
  /** Viewers' packets: header, encryption, system call, and what viewers report. */
  send: number;
  other: number;
}

export interface CpuUse {
  /** The server with all its children, from /proc, while nothing else watched. */
  total: number;
  /**
   * `total` shared out as a sampling profile of the same point, right after its measured span, says.
   * Null where no profile was made. The parts sum to `total`.
   */
  parts: CpuParts | null;
  /** What the same tree took while it was profiled; null without a profile. */
  profiledTotal: number | null;
  /** The server without its mixers: what receiving, sending and signalling take together. */
  withoutMixers: number;
}

export interface Quantiles {
  p50: number;
  p95: number;
  /** Values behind them. */
  count: number;
}

/** One cell of the grid, measured once. */
export interface BenchPoint {
  mode: BenchMode;
  speakers: number;
  viewers: number;
  /** From 1. */
  repetition: number;
  /** When the measured span began, seconds after the run did: points are taken in shuffled order. */
  startedS: number;
  /** False: the machine or the load generator was the limit, or something broke. */
  valid: boolean;
  /** One sentence for each reason not to trust the point. */
  why: string[];
  /** Length of the measured span. */
  seconds: number;
  cpu: CpuUse;
  /** Proportional set size of the whole tree at the end of the span. */
  memoryBytes: number;
  /** What one speaker sends and what one viewer receives: UDP payload, mean over all of them, bit/s. */
  uplinkBps: number;
  downlinkBps: number;
  /** Datagrams with RTP that reached all viewers together, and all speakers sent, per second. */
  packetsPerSecond: number;
  receivedPacketsPerSecond: number;
  /** Packets that viewers missed and nobody sent again, 0..1. */
  lossFraction: number;
  /** Whole pictures per second and video stream, mean over all streams of all viewers. */
  picturesPerSecond: number;
  /** Freezes (as webrtc-stats counts them) per viewer and minute, all of its streams together. */
  freezesPerMinute: number;
  /** From sending the offer to the last packet of the first whole picture of every stream, ms. */
  joinMs: Quantiles | null;
  /** From the moment a speaker's picture is due on the wire to the viewer having decoded it, ms. */
  glassMs: Quantiles | null;
  /** Decoding everything one viewer receives in real time, cores; null where it was not measured. */
  clientDecodeCpu: number | null;
  /** CPU of the load generator's processes, and how late their timers were at most (p99), ms. */
  generatorCpu: { publishers: number; viewers: number };
  generatorLagMs: { publishers: number; viewers: number };
  /** Share of the machine's processors in use by anybody, and by nobody of this benchmark, 0..1. */
  machineBusy: number;
  othersBusy: number;
}

/** A cell that was not measured since the load generator cannot make it: fits predict it. */
export interface SkippedPoint {
  mode: BenchMode;
  speakers: number;
  viewers: number;
  why: string;
}

/** The same job done by another program, or a part of it, in the same run. */
export interface BenchReference {
  /** As `native-ffmpeg`, `gstreamer`, `janus-videoroom`, `janus-streaming-one-loop`, `janus-audiobridge`. */
  name: string;
  /** What it did, in a few words. */
  job: string;
  /** Null: it ran. A sentence: it was skipped, and why. */
  skipped: string | null;
  version: string | null;
  /** Cores it took for the job; null where the job is per packet. */
  cpu: number | null;
  /** CPU per packet sent to a viewer, µs; null where it sends none. */
  packetUs: number | null;
  /** What Rostrum took for the same job in the same unit, for the ratio ours / theirs. */
  ours: number | null;
  /**
   * Cores that each further one of the audience takes, where that was measured; part of `cpu` and `ours`.
   * Null: so little that scatter hid it.
   */
  further?: { theirs: number | null; ours: number | null } | undefined;
  seconds: number;
}

/** Peer to peer: what one of `clients` pays. */
export interface MeshPoint {
  clients: number;
  /** False: computed from the measured ones. */
  measured: boolean;
  uplinkBps: number;
  downlinkBps: number;
  /** One client: capture, encode, send, receive, decode. */
  clientCpu: number;
  /** Of it, the part that grows with every further peer. */
  perPeerCpu: number;
}

export interface Machine {
  model: string;
  cores: number;
  memoryBytes: number;
  kernel: string;
}

export interface BenchResult {
  version: typeof RESULT_VERSION;
  /** ISO 8601. */
  date: string;
  command: string;
  machine: Machine;
  versions: { rostrum: string; node: string; ffmpeg: string };
  codec: VideoCodec;
  /** What was asked for. */
  grid: {
    modes: BenchMode[];
    speakers: number[];
    viewers: number[];
    repetitions: number;
    seconds: number;
    seed: number;
  };
  /** What each speaker sends, as it was asked of the encoder, kbit/s of video. */
  clips: Record<'full' | 'fit', { width: number; height: number; fps: number; kbps: number }>;
  audioKbps: number;
  program: { width: number; height: number; fps: number; kbps: number };
  /** How long the run took, s. */
  tookS: number;
  /** Null: it ran to its end. A sentence: it was interrupted, or the server crashed (with its last lines). */
  ended: string | null;
  points: BenchPoint[];
  skipped: SkippedPoint[];
  references: BenchReference[];
  mesh: MeshPoint[];
}
