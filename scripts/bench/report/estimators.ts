import { type BenchPoint, benchModes } from '../compare/result.ts';
import type { ClientCost, Estimator, Growth } from './analysisTypes.ts';
import { type At, fitLine, mean } from './fit/line.ts';

/** What the calculator needs, for each mode that was measured. */
export function estimatorsOf(
  points: readonly BenchPoint[],
  growth: readonly Growth[],
  clients: readonly ClientCost[],
): Estimator[] {
  return benchModes.flatMap((mode) => {
    const members = points.filter((point) => point.mode === mode);
    const costs = clients.filter((each) => each.mode === mode);
    if (members.length === 0) return [];
    const law = growth.find((each) => each.mode === mode);
    const decoded = costs.flatMap(({ speakers, decodeCpu }) =>
      decodeCpu === null ? [] : [{ x: speakers, y: decodeCpu }],
    );
    return {
      mode,
      cpu: law ? [law.base, law.perSpeaker, law.perViewer, law.perSpeakerViewer] : null,
      uplinkBps: mean(costs.map(({ uplinkBps }) => uplinkBps)),
      downlinkBps: bySpeakers(costs.map(({ speakers, downlinkBps }) => ({ x: speakers, y: downlinkBps }))),
      decodeCpu: decoded.length > 0 ? bySpeakers(decoded) : null,
      mostSpeakers: Math.max(...members.map(({ speakers }) => speakers)),
      mostViewers: Math.max(...members.map(({ viewers }) => viewers)),
    };
  });
}

/** Base and growth; with one number of speakers alone there is no growth to be seen. */
function bySpeakers(values: readonly At[]): [number, number] {
  const line = fitLine(values);
  return line ? [line.intercept, line.slope] : [mean(values.map(({ y }) => y)), 0];
}
