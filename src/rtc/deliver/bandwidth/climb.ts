const FIRST_US = 4_000_000;
const LAST_US = 60_000_000;
/** Trouble that soon after a climb was the climb's doing. */
const TRIAL_US = 6_000_000;
/** Peace for so long, and the next climb is as soon as the first. */
const FORGIVEN_US = 20_000_000;

/** When the next better rung may be tried: soon at first, then after ever longer waits. */
export class Climb {
  #waitUs = FIRST_US;
  #readyUs = 0;
  #climbedUs = -Infinity;
  #troubledUs = -Infinity;

  constructor(nowUs: number) {
    this.#readyUs = nowUs + FIRST_US;
  }

  isReady(nowUs: number): boolean {
    return nowUs >= this.#readyUs;
  }

  /** A better rung is given now. */
  climbed(nowUs: number): void {
    this.#climbedUs = nowUs;
    if (nowUs - this.#troubledUs > FORGIVEN_US) this.#waitUs = FIRST_US;
    this.#readyUs = nowUs + FIRST_US / 2;
  }

  /** What it is sent is had in full again: no better rung, and no reason to try one sooner. */
  restored(nowUs: number): void {
    this.#climbedUs = nowUs;
    this.#readyUs = nowUs + this.#waitUs;
  }

  /** It is too much. */
  troubled(nowUs: number): void {
    if (nowUs - this.#climbedUs < TRIAL_US) this.#longer();
    this.#troubledUs = nowUs;
    this.#readyUs = nowUs + this.#waitUs;
  }

  /** A probe found no room. */
  failed(nowUs: number): void {
    this.#longer();
    this.#troubledUs = nowUs;
    this.#readyUs = nowUs + this.#waitUs;
  }

  #longer(): void {
    this.#waitUs = Math.min(LAST_US, this.#waitUs * 2);
  }
}
