const MAX_SAMPLES = 256;
const MIN_STEP_US = 20_000;

/** Counters since the beginning, as far as the viewer has told of them. */
export interface Progress {
  /** Of packets of pictures that are known to have come or to be lost. */
  packets: number;
  lost: number;
}

interface Sample extends Progress {
  us: number;
  /** Everything that was sent, with all headers. */
  bytes: number;
}

export interface Span extends Progress {
  us: number;
  /** Rate of what was sent, also before `restart`. */
  kbps: number;
}

/** What was sent to a viewer and what is known of its fate, over the last moments. */
export class SentMeter {
  readonly #samples: Sample[] = [];
  #now: Sample;
  /** Where packets and losses are counted from. */
  #start: Sample;

  constructor(nowUs: number) {
    this.#now = { us: nowUs, packets: 0, lost: 0, bytes: 0 };
    this.#start = this.#now;
    this.#samples.push(this.#now);
  }

  sample(nowUs: number, progress: Progress, bytes: number): void {
    this.#now = { us: nowUs, packets: progress.packets, lost: progress.lost, bytes };
    if (nowUs - this.#samples.at(-1)!.us < MIN_STEP_US) return;
    this.#samples.push(this.#now);
    if (this.#samples.length > MAX_SAMPLES) this.#samples.shift();
  }

  /** What came to pass since the moment `spanUs` ago; packets and losses since `restart` at most. */
  over(spanUs: number, nowUs: number): Span {
    const from = this.#samples.findLast(({ us }) => nowUs - us >= spanUs) ?? this.#samples[0]!;
    const us = Math.max(1, nowUs - from.us);
    const counted = from.us < this.#start.us ? this.#start : from;
    return {
      us,
      packets: this.#now.packets - counted.packets,
      lost: this.#now.lost - counted.lost,
      kbps: ((this.#now.bytes - from.bytes) * 8_000) / us,
    };
  }

  /** What was lost until now is about another stream, or another network. */
  restart(nowUs: number): void {
    this.#now = { ...this.#now, us: nowUs };
    this.#start = this.#now;
  }
}
