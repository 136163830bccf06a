/** How mixer processes are started and supervised. */
export interface EngineSettings {
  /** Program that node runs as a mixer; null finds `dist/mixer/main.js` of this package. */
  program: string | null;
  /** A mixer ends this long after it was last needed, in ms, ≥ 0. */
  lingerMs: number;
  /** `auto` starts mixers behind as many walls as can be had (`jail.ts`), `off` behind none. */
  jail: 'auto' | 'off';
  /** Folders of images and media, which a jailed mixer must be able to read. */
  reads: readonly string[];
  /** Keep one mixer process started in advance. */
  spare: boolean;
  /** A mixer that is not ready by then has failed to start, in ms. */
  startTimeoutMs: number;
  /** A mixer that says nothing for this long hangs, in ms. It sends statistics each second. */
  hangAfterMs: number;
  /** A mixer that has not ended this long after its channel was closed is killed, in ms. */
  killAfterMs: number;
}

export const defaultEngineSettings: EngineSettings = {
  program: null,
  jail: 'auto',
  reads: [],
  lingerMs: 30_000,
  spare: true,
  startTimeoutMs: 15_000,
  hangAfterMs: 3_000,
  killAfterMs: 2_000,
};
