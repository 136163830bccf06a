/** Where a playback is: a position that stands, or goes on with time. Microseconds throughout. */
export class MediaClock {
  #positionUs = 0;
  /** When it was there; undefined while it stands. */
  #atUs: number | undefined;

  get running(): boolean {
    return this.#atUs !== undefined;
  }

  positionUs(nowUs: number): number {
    return this.#atUs === undefined ? this.#positionUs : this.#positionUs + nowUs - this.#atUs;
  }

  /** It is there now, and goes on or stands as before. */
  set(positionUs: number, nowUs: number): void {
    this.#positionUs = positionUs;
    if (this.#atUs !== undefined) this.#atUs = nowUs;
  }

  start(nowUs: number): void {
    this.#atUs ??= nowUs;
  }

  stop(nowUs: number): void {
    this.#positionUs = this.positionUs(nowUs);
    this.#atUs = undefined;
  }
}
