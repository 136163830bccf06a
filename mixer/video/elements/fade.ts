import { ease } from '../motion.ts';

/** An opacity on its way, 0..256. */
export class Fade {
  value = 0;
  #from = 0;
  #to = 0;
  #startUs = 0;
  #durationUs = 0;
  #running = false;

  get gone(): boolean {
    return !this.#running && this.value === 0;
  }

  /** On its way to be seen. */
  get rising(): boolean {
    return this.#running && this.#to > 0;
  }

  /** On its way to be gone. */
  get falling(): boolean {
    return this.#running && this.#to === 0;
  }

  /** When it began to go where it goes. */
  get startUs(): number {
    return this.#startUs;
  }

  to(value: number, nowUs: number, durationUs: number): void {
    if (value === this.#to) return;
    this.#from = this.value;
    this.#to = value;
    this.#startUs = nowUs;
    this.#durationUs = durationUs;
    this.#running = true;
  }

  /** @returns whether it is another value now */
  advance(nowUs: number): boolean {
    if (!this.#running) return false;
    const share = this.#durationUs > 0 ? Math.max(0, (nowUs - this.#startUs) / this.#durationUs) : 1;
    this.#running = share < 1;
    const value = this.#running ? Math.round(this.#from + (this.#to - this.#from) * ease(share)) : this.#to;
    const changed = value !== this.value;
    this.value = value;
    return changed;
  }
}
