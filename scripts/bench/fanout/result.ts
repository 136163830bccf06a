/** What `npm run bench -- fanout` measures, as it is kept in JSON. CPU is in cores unless said. */

import type { Machine, Quantiles } from '../compare/result.ts';
import type { LineFit } from '../report/fit/line.ts';

export interface FanoutPoint {
  viewers: number;
  /** One sentence for each reason not to trust the point; none when it is valid. */
  why: string[];
  seconds: number;
  /** The server without its mixers: all of its threads, RTCP, consent, HTTP and garbage collection too. */
  serverCpu: number;
  /** Its mixers: one encode, however many watch. */
  mixerCpu: number;
  /** Packets of media sent to all viewers, per second, as the server counts them. */
  packetsPerSecond: number;
  /** `serverCpu` over packets: what stands still counts, too, so it falls with the number of viewers. */
  cpuPerPacketUs: number;
  /** Bits of UDP payload that one viewer receives per second. */
  downlinkBps: number;
  /** Offer sent → first whole picture, of those who joined for this point, ms. */
  joinMs: Quantiles | null;
  /** CPU of the server beside what it sends, for each of them, ms. */
  joinCpuMs: number | null;
  /** Packets that viewers missed and nobody sent again, 0..1. */
  lossFraction: number;
  freezes: number;
  picturesPerSecond: number;
  /** 99th percentile of how late event loops were, ms. */
  lagP99Ms: { main: number; threads: number[] };
  /** 99th percentile of how late the mixer began pictures, ms. */
  mixerLateP99Ms: number;
  /** Memory of the server's process, files it has mapped left out, bytes. */
  memoryBytes: number;
  generator: { cpu: number[]; lagMs: number };
  machineBusy: number;
  /** Share of the machine that neither the server nor the load took. */
  othersBusy: number;
}

export interface FanoutResult {
  command: string;
  date: string;
  machine: Machine;
  versions: { node: string };
  /** The program; `workers` null: as many as the server takes by itself. */
  job: {
    codec: string;
    width: number;
    height: number;
    kbps: number;
    seconds: number;
    workers: number | null;
  };
  points: FanoutPoint[];
  /** CPU against packets per second, through all valid points: its slope is what a packet costs. */
  cpu: LineFit | null;
  /** The same between 10 and 100 viewers, µs per packet; null where they were not measured. */
  slope10To100Us: number | null;
  /** Memory against viewers. */
  memory: LineFit | null;
  /** Null when the run went to its end. */
  ended: string | null;
}
