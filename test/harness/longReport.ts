import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { CpuSpan } from '../../scripts/bench/machine/cpuSpan.ts';

/** A machine that was busier than this has measured itself. */
const MOST_BUSY = 0.85;
const folder = join(import.meta.dirname, '../../docs/reports');

export type Figures = Record<string, unknown>;

/** What a figure must be. */
export type Limit = [figure: string, value: number, is: '<=' | '>=' | '=', limit: number];

/** Notes what it finds as it goes, for that is written down also when it ends early; and says what it must be. */
export type Measure = (figures: Figures) => Promise<Limit[]>;

/**
 * What a long run has found, as `docs/reports/<name>.json`. Each case is written when it ends, however it
 * ends, beside those of earlier runs; one on a busy machine is neither good nor bad but invalid.
 */
export class LongReport {
  readonly #name: string;
  readonly #folder: string;

  /** @param name of the long test, and of its report */
  constructor(name: string, into: string = folder) {
    this.#name = name;
    this.#folder = into;
  }

  /**
   * @param mostBusy share of the machine beyond which the case is invalid, 0..1
   * @throws Error with all that is wrong, when it is bad
   */
  async case(name: string, measure: Measure, mostBusy = MOST_BUSY): Promise<void> {
    const figures: Figures = {};
    const span = new CpuSpan(process.pid);
    const faults = await measure(figures).then(
      (limits) => limits.filter(isMissed).map(sentence),
      (error: Error) => [error.message.split('\n', 1)[0]!],
    );
    const { seconds, machineBusy, othersBusy } = span.end();
    const tooBusy = machineBusy > mostBusy;
    const busy = tooBusy ? [`the machine was ${Math.round(machineBusy * 100)} % busy`] : [];
    const why = [...busy, ...faults];
    const verdict = tooBusy ? 'invalid' : why.length === 0 ? 'good' : 'bad';
    const date = new Date().toISOString();
    this.#write(name, { date, verdict, why, seconds, machineBusy, othersBusy, ...figures });
    say(`${this.#name}, ${name}: ${[verdict, ...why].join('; ')}`);
    if (verdict === 'bad') throw new Error(`${name}: ${why.join('; ')}`);
  }

  #write(name: string, outcome: object): void {
    mkdirSync(this.#folder, { recursive: true });
    const file = join(this.#folder, `${this.#name}.json`);
    const machine = { model: cpus()[0]?.model, cores: cpus().length };
    const head = {
      command: `npm run test:long -- ${this.#name}`,
      machine,
      versions: { node: process.version },
    };
    const cases = { ...casesIn(file), [name]: outcome };
    writeFileSync(file, `${JSON.stringify({ ...head, cases }, null, 2)}\n`);
  }
}

/** Progress, past jest, which keeps what is logged to itself until a test is over. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** What is no number at all is missed, too. */
function isMissed([, value, is, limit]: Limit): boolean {
  if (is === '=') return value !== limit;
  return !(is === '<=' ? value <= limit : value >= limit);
}

const sentence = ([figure, value, is, limit]: Limit): string => `${figure} is ${value}, not ${is} ${limit}`;

function casesIn(file: string): object {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { cases?: object }).cases ?? {};
  } catch {
    return {};
  }
}
