import type { FanoutPoint } from './result.ts';

const MOST_OF_A_CORE = 0.9;
const MOST_LAG_MS = 100;
const MOST_BUSY = 0.97;
const MOST_OF_OTHERS = 0.1;
const MOST_LOST = 0.01;
const LEAST_PICTURES = 27;

/** One sentence for each reason not to trust a point. */
export function faultsOf(point: Omit<FanoutPoint, 'why'>): string[] {
  const { generator, machineBusy, othersBusy, lossFraction, picturesPerSecond } = point;
  const busiest = Math.max(...generator.cpu);
  return [
    busiest > MOST_OF_A_CORE && `the load generator needed ${busiest.toFixed(2)} of one core it can use`,
    generator.lagMs > MOST_LAG_MS && `the load generator was up to ${generator.lagMs.toFixed(0)} ms late`,
    machineBusy > MOST_BUSY && `the machine was ${percent(machineBusy)} busy`,
    othersBusy > MOST_OF_OTHERS && `other programs took ${percent(othersBusy)} of the machine`,
    lossFraction > MOST_LOST && `viewers missed ${percent(lossFraction)} of the packets`,
    picturesPerSecond < LEAST_PICTURES &&
      `viewers had ${picturesPerSecond.toFixed(1)} pictures a second instead of 30`,
  ].filter((fault) => fault !== false);
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
