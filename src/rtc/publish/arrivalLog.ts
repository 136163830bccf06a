import { DELTA_US, fitsDelta, REFERENCE_US, writeTransportFeedback } from '../rtcp/transportCc.ts';
import { SequenceUnwrapper } from '../sequence.ts';

/** Packets remembered; a late one within it is reported after all. */
const LOG = 2048;
/** Statuses in one feedback packet: it stays below 1,200 bytes even when every delta is large. */
const MAX_STATUSES = 400;

/**
 * When each packet of a transport arrived, by its transport-wide sequence number, and the feedback made
 * of it. Every number between the first and the newest is reported, received or not; one that comes
 * late is reported again together with what follows it.
 */
export class ArrivalLog {
  readonly #arrivals = new Float64Array(LOG).fill(-1);
  readonly #sequence = new SequenceUnwrapper();
  #next = -1;
  #unreported = false;
  #feedbackCount = 0;

  packet(sequence: number, arrivalUs: number): void {
    const before = this.#sequence.highest;
    const value = this.#sequence.unwrap(sequence);
    const highest = this.#sequence.highest;
    if (value <= highest - LOG) return;
    if (before >= 0 && value > before) this.#forget(before + 1, value);
    const slot = mod(value);
    if (this.#arrivals[slot]! >= 0) return;
    this.#arrivals[slot] = arrivalUs;
    this.#unreported = true;
    if (this.#next < 0 || value < this.#next) this.#next = Math.max(0, value);
    if (this.#next <= highest - LOG) this.#next = highest - LOG + 1;
  }

  /** RTCP packets with everything since the last call; none when nothing arrived. */
  take(senderSsrc: number, mediaSsrc: number): Buffer[] {
    if (!this.#unreported) return [];
    const packets: Buffer[] = [];
    const end = this.#sequence.highest + 1;
    for (let at = this.#next; at < end; ) {
      const arrivals = this.#statuses(at, end);
      packets.push(
        writeTransportFeedback({
          senderSsrc,
          mediaSsrc,
          baseSequence: at & 0xffff,
          feedbackCount: this.#feedbackCount++ & 0xff,
          referenceTime: arrivals.reference & 0xffffff,
          arrivals: arrivals.steps,
        }),
      );
      at += arrivals.steps.length;
    }
    this.#next = end;
    this.#unreported = false;
    return packets;
  }

  /** As many statuses from `start` on as one packet can hold. */
  #statuses(start: number, end: number): { reference: number; steps: (number | null)[] } {
    const steps: (number | null)[] = [];
    let reference = -1;
    let last = 0;
    for (let at = start; at < end && steps.length < MAX_STATUSES; at++) {
      const arrivalUs = this.#arrivals[mod(at)]!;
      if (arrivalUs < 0) {
        steps.push(null);
        continue;
      }
      if (reference < 0) reference = Math.floor(arrivalUs / REFERENCE_US);
      const step = Math.floor((arrivalUs - reference * REFERENCE_US) / DELTA_US);
      if (!fitsDelta(step - last)) break;
      steps.push(step);
      last = step;
    }
    return { reference: Math.max(0, reference), steps };
  }

  /** Slots of numbers not seen yet still hold what was there one round before. */
  #forget(from: number, to: number): void {
    if (to - from >= LOG) this.#arrivals.fill(-1);
    else for (let at = from; at <= to; at++) this.#arrivals[mod(at)] = -1;
  }
}

const mod = (value: number): number => ((value % LOG) + LOG) % LOG;
