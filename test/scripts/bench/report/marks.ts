/** Reads a chart's SVG back: what its marks say and where they stand. */
export interface Mark {
  label: string;
  x: number;
  y: number;
}

/** Marks that carry a label, in the pixels of their panel. */
export function marksIn(svg: string): Mark[] {
  const tags = [...svg.matchAll(/<(?:path|line|rect)\b[^>]*aria-label="([^"]*)"[^>]*>/g)];
  return tags
    .filter(([tag]) => tag.includes('graphics-symbol') && !tag.includes('axis'))
    .map(([tag, label]) => {
      const [, x, y] = /transform="translate\(([-\d.]+),([-\d.]+)\)"/.exec(tag) ?? ['', 'NaN', 'NaN'];
      return { label: plain(label!), x: Number(x), y: Number(y) };
    });
}

/** The panels of a chart made of several, each with its axes. */
export function panelsIn(svg: string): string[] {
  return svg.split(/(?=<g class="mark-group role-scope concat_\d+_group)/).slice(1);
}

/** From pixels to the axis' own numbers, by its first and last tick. */
export function scaleOf(panel: string, axis: 'X' | 'Y'): (pixels: number) => number {
  const from = panel.indexOf(`${axis}-axis titled`);
  const ticks = between(panel, from, 'role-axis-tick').map(([, x, y]) => Number(axis === 'X' ? x : y));
  const labels = [...between(panel, from, 'role-axis-label', />([-\d.,]+)<\/text>/g)].map(([, text]) =>
    Number(text!.replace(',', '')),
  );
  const [p0, p1] = [ticks[0]!, ticks.at(-1)!];
  const [v0, v1] = [labels[0]!, labels.at(-1)!];
  return (pixels) => v0 + ((pixels - p0) * (v1 - v0)) / (p1 - p0);
}

function between(
  text: string,
  from: number,
  role: string,
  pattern = /transform="translate\(([-\d.]+),([-\d.]+)\)"/g,
): RegExpMatchArray[] {
  const start = text.indexOf(role, from);
  return [...text.slice(start, text.indexOf('</g>', start)).matchAll(pattern)];
}

function plain(text: string): string {
  return text
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"');
}
