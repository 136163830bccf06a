/** What is compared with what was recorded. Lower is better. */
export interface Ratios {
  /** Mixer over native ffmpeg. */
  mix: number;
  /** Server's CPU per packet over AES-GCM and a send. */
  send: number;
}

/** A ratio may be this much above the recorded one. */
export const TOLERANCE = 0.25;

export interface Verdict {
  kept: boolean;
  /** One for each ratio. */
  lines: string[];
}

const names: Record<keyof Ratios, string> = {
  mix: 'mixing over one native ffmpeg process',
  send: 'sending a packet over AES-GCM and a send',
};

export function judge(measured: Ratios, recorded: Ratios): Verdict {
  const each = (Object.keys(names) as (keyof Ratios)[]).map((name) => {
    const limit = recorded[name] * (1 + TOLERANCE);
    // Below 0 is what scatter makes of a slope: nothing was measured then.
    const isKept = measured[name] > 0 && measured[name] <= limit;
    const change = (measured[name] / recorded[name] - 1) * 100;
    const figures = `${measured[name].toFixed(2)}, recorded ${recorded[name].toFixed(2)} (${change >= 0 ? '+' : ''}${change.toFixed(0)} %)`;
    const verdict = isKept
      ? 'kept'
      : `LOST: more than ${TOLERANCE * 100} % worse, at most ${limit.toFixed(2)}`;
    return { isKept, line: `${names[name]}: ${figures}: ${verdict}` };
  });
  return { kept: each.every(({ isKept }) => isKept), lines: each.map(({ line }) => line) };
}

/** @throws Error naming the file when it holds no recorded ratios */
export function recordedRatios(text: string, file: string): Ratios {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    given = undefined;
  }
  const ratios = (given as { ratios?: Partial<Ratios> } | undefined)?.ratios;
  const isRatio = (value: unknown): value is number => typeof value === 'number' && value > 0;
  if (isRatio(ratios?.mix) && isRatio(ratios.send)) return { mix: ratios.mix, send: ratios.send };
  throw new Error(`${file} holds no recorded ratios: record them with npm run bench -- guard --record`);
}
