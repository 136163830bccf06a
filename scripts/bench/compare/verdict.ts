import type { BenchPoint } from './result.ts';

/** Later than this a speaker is no camera any more, and a viewer's packets wait in the kernel. */
const MOST_LAG_MS = { publishers: 40, viewers: 100 };
const MOST_BUSY = 0.97;
export const MOST_OF_OTHERS = 0.1;
/** Share of one core that a process of the generator may need: a thread cannot do more than one. */
export const MOST_OF_A_CORE = 0.9;
const MOST_LOST = 0.01;
const LEAST_PICTURES = 27;

type Measured = Omit<BenchPoint, 'valid' | 'why'>;

/** Whether the load generator, not the server, was the limit. */
export function starvedBy({ generatorCpu, generatorLagMs, machineBusy }: Measured): string[] {
  const reasons: string[] = [];
  for (const side of ['publishers', 'viewers'] as const) {
    if (generatorCpu[side] > MOST_OF_A_CORE) {
      reasons.push(
        `the generator's ${side} needed ${generatorCpu[side].toFixed(2)} of the one core they can use`,
      );
    }
    if (generatorLagMs[side] > MOST_LAG_MS[side]) {
      reasons.push(`the generator's ${side} were up to ${generatorLagMs[side].toFixed(0)} ms late`);
    }
  }
  if (machineBusy > MOST_BUSY) {
    reasons.push(`the machine was ${percent(machineBusy)} busy: server and load took each other's time`);
  }
  return reasons;
}

/** Whether viewers had what they came for, whoever else kept the machine busy. */
export const isComplete = ({ lossFraction, picturesPerSecond }: Measured): boolean =>
  lossFraction <= MOST_LOST && picturesPerSecond >= LEAST_PICTURES;

/** One sentence for each reason not to trust a point. */
export function faultsOf(point: Measured): string[] {
  const faults = starvedBy(point);
  if (point.othersBusy > MOST_OF_OTHERS) {
    faults.push(`other programs took ${percent(point.othersBusy)} of the machine`);
  }
  if (point.lossFraction > MOST_LOST)
    faults.push(`viewers missed ${percent(point.lossFraction)} of the packets`);
  if (point.picturesPerSecond < LEAST_PICTURES) {
    faults.push(`viewers had ${point.picturesPerSecond.toFixed(1)} pictures a second instead of 30`);
  }
  return faults;
}

const percent = (share: number) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
