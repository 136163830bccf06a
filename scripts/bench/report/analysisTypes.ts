import type { BenchMode, BenchResult, CpuParts } from '../compare/result.ts';
import type { BreakEven, SlopeRatio } from './fit/breakEven.ts';
import type { LineFit } from './fit/line.ts';

/** CPU in cores against viewers, for one mode and number of speakers. */
export interface ModeFit {
  mode: BenchMode;
  speakers: number;
  line: LineFit;
  /** The same without the mixers: what grows with viewers, free of the mixing's own scatter. */
  delivery: LineFit;
}

/** CPU = base + perSpeaker·s + perViewer·v + perSpeakerViewer·s·v, in cores, over all measured points. */
export interface Growth {
  mode: BenchMode;
  base: number;
  perSpeaker: number;
  perViewer: number;
  perSpeakerViewer: number;
  /** Standard errors in the same order; null without points to spare. */
  errors: (number | null)[];
  /** Scatter around it, in cores. */
  residual: number | null;
  points: number;
}

export type Forwarding = Exclude<BenchMode, 'mcu'>;

export interface Comparison extends BreakEven {
  speakers: number;
  /** What mixing is compared with. */
  against: Forwarding;
  /** Cores that mixing saves for each further viewer; negative when it costs more. */
  savedPerViewer: number;
  /** What a viewer costs mixing, over what it costs forwarding; null when forwarding's slope is not above 0. */
  viewerRatio: SlopeRatio | null;
  /** The same from the server's CPU without its mixers, which do not know how many watch. */
  deliveryRatio: SlopeRatio | null;
  /** Forwarding's downlink and decode CPU over mixing's; null where not measured. */
  downlinkRatio: number | null;
  decodeRatio: number | null;
}

/** A cell of the grid without a valid measurement, from the fits. */
export interface Prediction {
  mode: BenchMode;
  speakers: number;
  viewers: number;
  /** Cores, and the interval of 95 % confidence for the mean; null where it is not known. */
  cpu: number;
  low: number | null;
  high: number | null;
  /** `line`: of the same number of speakers. `growth`: over all numbers of speakers. */
  from: 'line' | 'growth';
}

/** What one client pays, means over valid points of the mode and number of speakers. */
export interface ClientCost {
  mode: BenchMode;
  speakers: number;
  uplinkBps: number;
  downlinkBps: number;
  decodeCpu: number | null;
}

export interface PartsAt {
  mode: BenchMode;
  speakers: number;
  viewers: number;
  /** Cores: mean of the points that were profiled. */
  total: number;
  parts: CpuParts;
  /** Sum of the parts over the total: 1 when the numbers add up. */
  sum: number;
}

export interface LatencyAt {
  mode: BenchMode;
  speakers: number;
  viewers: number;
  glassP50Ms: number | null;
  glassP95Ms: number | null;
  joinP50Ms: number | null;
  joinP95Ms: number | null;
}

export interface ReferenceRatio {
  name: string;
  unit: 'cores' | 'µs per packet';
  theirs: number;
  ours: number;
  ratio: number;
}

/** What the calculator of the report reckons with. */
export interface Estimator {
  mode: BenchMode;
  /** The factors of `Growth`; null when one number of speakers alone was measured. */
  cpu: [number, number, number, number] | null;
  uplinkBps: number;
  /** Per viewer: base + perSpeaker·s, bit/s. */
  downlinkBps: [number, number];
  /** Per viewer: base + perSpeaker·s, cores; null where not measured. */
  decodeCpu: [number, number] | null;
  /** Up to here it was measured; further out is predicted. */
  mostSpeakers: number;
  mostViewers: number;
}

export interface Analysis {
  /** Of every interval. */
  confidence: number;
  fits: ModeFit[];
  growth: Growth[];
  comparisons: Comparison[];
  predictions: Prediction[];
  clients: ClientCost[];
  parts: PartsAt[];
  latencies: LatencyAt[];
  references: ReferenceRatio[];
  estimators: Estimator[];
}

/** What is kept as JSON: everything measured, and what follows from it. */
export interface BenchReport extends BenchResult {
  analysis: Analysis;
}
