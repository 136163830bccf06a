import type { Estimator } from './analysisTypes.ts';

export interface Event {
  speakers: number;
  viewers: number;
  minutes: number;
}

export interface Estimate {
  /** Cores of the server; null when they cannot be told. */
  cores: number | null;
  /** Gigabytes (10⁹) into and out of the server over the event. */
  gigabytesIn: number;
  gigabytesOut: number;
  /** What one viewer receives, bit/s, and the cores it decodes with; null where not measured. */
  downlinkBps: number;
  decodeCpu: number | null;
  /** Further out than was measured. */
  predicted: boolean;
}

/**
 * What an event costs. The page of the report runs this very function: it must not use anything outside.
 */
export function estimate(fit: Estimator, event: Event): Estimate {
  const { speakers, viewers, minutes } = event;
  const gigabytes = (bitsPerSecond: number) => (bitsPerSecond * minutes * 60) / 8e9;
  const bySpeakers = (line: readonly number[]) => Math.max(0, line[0]! + line[1]! * speakers);
  const downlinkBps = bySpeakers(fit.downlinkBps);
  const terms = [1, speakers, viewers, speakers * viewers];
  const cores = fit.cpu?.reduce((sum, factor, at) => sum + factor * terms[at]!, 0) ?? null;
  return {
    cores: cores === null ? null : Math.max(0, cores),
    gigabytesIn: gigabytes(fit.uplinkBps * speakers),
    gigabytesOut: gigabytes(downlinkBps * viewers),
    downlinkBps,
    decodeCpu: fit.decodeCpu && bySpeakers(fit.decodeCpu),
    predicted: speakers > fit.mostSpeakers || viewers > fit.mostViewers,
  };
}

/** In a mesh everybody on stage sends to everybody else and to each viewer: no server, but this uplink. */
export function meshUplinkBps(streamBps: number, { speakers, viewers }: Event): number {
  return streamBps * (speakers - 1 + viewers);
}
