import type { BenchMode, BenchPoint } from './result.ts';
import { MOST_OF_A_CORE, MOST_OF_OTHERS, starvedBy } from './verdict.ts';

/** What a viewer's packet costs the generator at first guess, µs; each valid point corrects it. */
const FIRST_GUESS_US = 8;
/** Packets per second of one stream of pictures with its sound. */
const PACKETS_PER_STREAM = 215;
const PACKETS_OF_PROGRAM = 290;
const PACKETS_OF_FITTED = 120;

/** What the load generator can make, learnt from what it has made. */
export class GeneratorLimit {
  #packetUs = FIRST_GUESS_US;
  readonly #failed: Pick<BenchPoint, 'mode' | 'speakers' | 'viewers'>[] = [];

  /** What a point says about it. */
  note(point: BenchPoint): void {
    // Starved by other programs: the next time may be better.
    if (point.othersBusy > MOST_OF_OTHERS) return;
    if (starvedBy(point).length > 0) this.#failed.push(point);
    else if (point.viewers >= 10 && point.packetsPerSecond > 0) {
      this.#packetUs = (point.generatorCpu.viewers / point.packetsPerSecond) * 1e6;
    }
  }

  /** Why a point is not worth trying; null when it is. */
  beyond(mode: BenchMode, speakers: number, viewers: number): string | null {
    const failed = this.#failed.find(
      (each) => each.mode === mode && each.speakers <= speakers && each.viewers <= viewers,
    );
    if (failed !== undefined) {
      return `the load generator had its limit at ${failed.speakers} speakers and ${failed.viewers} viewers`;
    }
    const perSecond = viewers * packetsPerViewer(mode, speakers);
    const cores = (perSecond * this.#packetUs) / 1e6;
    if (cores <= MOST_OF_A_CORE) return null;
    return (
      `${perSecond.toFixed(0)} packets a second would take the load generator ${cores.toFixed(1)} cores: ` +
      'a thread has one'
    );
  }
}

function packetsPerViewer(mode: BenchMode, speakers: number): number {
  if (mode === 'mcu') return PACKETS_OF_PROGRAM;
  return speakers * (mode === 'sfu' ? PACKETS_PER_STREAM : PACKETS_OF_FITTED);
}
