import type { BenchPoint } from '../compare/result.ts';
import type { BenchReport, Comparison } from './analysisTypes.ts';
import { breakEvenText, interval, milli, number, speakersText, whole } from './format.ts';

/** The answer in sentences: what was measured, on what, what it means, what it does not. */
export function summary(report: BenchReport): string[] {
  const paragraphs = [measured(report), ...answered(report), ...references(report), limits(report)];
  return paragraphs.filter((text) => text !== '');
}

function measured({ machine, grid, codec, points, program, clips, ended }: BenchReport): string {
  const valid = points.filter((point) => point.valid).length;
  const left = points.length - valid;
  return [
    `Measured on ${machine.model} with ${machine.cores} cores: a real server with ${list(grid.speakers)} speakers`,
    `and ${list(grid.viewers)} viewers, ${grid.seconds} s for each point, ${valid} valid points`,
    `${left > 0 ? `(${left} more do not count) ` : ''}in ${codec === 'vp8' ? 'VP8' : 'H.264'}.`,
    `Mixing sends everybody one picture of ${program.width}×${program.height} at ${program.kbps} kbit/s.`,
    `Forwarding sends everybody each speaker’s own stream: ${clips.full.width}×${clips.full.height} at`,
    `${clips.full.kbps} kbit/s, or, fitted to a tile, ${clips.fit.width}×${clips.fit.height} at ${clips.fit.kbps} kbit/s.`,
    ended ? `The run ended early: ${ended.split('\n', 1)[0]}` : '',
  ]
    .filter((text) => text !== '')
    .join(' ');
}

/** The break-evens alone. */
export function answered({ analysis, points }: BenchReport): string[] {
  if (analysis.comparisons.length === 0) return [unanswered(points)];
  return (['sfu', 'sfu-fit'] as const).flatMap((against) => {
    const those = analysis.comparisons.filter((each) => each.against === against);
    if (those.length === 0) return [];
    const name = against === 'sfu' ? 'forwarding' : 'forwarding of streams that fit their tiles';
    const each = those.map((one) => `with ${speakersText(one.speakers)} ${breakEvenText(one)}`);
    return [
      `The break-even with ${name}, from where on mixing takes less of the server’s CPU: ${each.join('; ')}.`,
      ...perViewer(those, name),
    ].join(' ');
  });
}

/** Why there is no answer: what most points are not valid for. */
function unanswered(points: readonly BenchPoint[]): string {
  const counts = new Map<string, number>();
  // Figures differ from point to point, the sentence around them does not.
  const reasons = points.flatMap(({ why }) => why.map((text) => text.replace(/\d+(\.\d+)?/g, '…')));
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const [first] = [...counts].sort(([, a], [, b]) => b - a);
  const why = first ? `; most often ${first[0]}` : '';
  return `There is no answer: mixing and forwarding were not both measured with two numbers of viewers${why}.`;
}

/** Of the largest stage: there the difference is plainest. */
function perViewer(those: readonly Comparison[], name: string): string[] {
  const last = those.at(-1)!;
  const ratio = last.viewerRatio;
  if (!ratio || ratio.ratio <= 0 || ratio.high === null || last.savedPerViewer <= 0) return [];
  const downlink = last.downlinkRatio ? `, and receives ${number(last.downlinkRatio)} × less` : '';
  return [
    `With ${speakersText(last.speakers)} each further viewer takes ${number(ratio.ratio)} × ` +
      `(${interval(ratio.low, ratio.high)}) the CPU that ${name} takes for it: ` +
      `${milli(last.savedPerViewer)} thousandths of a core saved${downlink}.`,
  ];
}

function references({ analysis }: BenchReport): string[] {
  if (analysis.references.length === 0) return [];
  const each = analysis.references.map(({ name, ratio }) => `${number(ratio)} × the CPU of ${name}`);
  return [`For the same job in the same run Rostrum takes ${list(each)}.`];
}

function limits({ analysis, machine }: BenchReport): string {
  if (analysis.comparisons.length === 0) return '';
  const predicted = analysis.predictions.length;
  return [
    'What it means: up to the break-even forwarding is cheaper for the server, above it mixing is, and what is “predicted” lies further out than was measured;',
    'a viewer of a mix always receives and decodes one stream.',
    'What it does not: figures are of this machine with the load generator on the same',
    `${whole(machine.cores)} cores, over loopback, without loss; a share carries over to other machines better than cores do.`,
    predicted > 0
      ? `${predicted === 1 ? 'One cell of the grid was not measured here and is' : `${predicted} cells of the grid were not measured here and are`} predicted by the fits.`
      : '',
  ]
    .filter((text) => text !== '')
    .join(' ');
}

function list(values: readonly (string | number)[]): string {
  if (values.length < 2) return values.join('');
  return `${values.slice(0, -1).join(', ')} and ${values.at(-1)}`;
}
