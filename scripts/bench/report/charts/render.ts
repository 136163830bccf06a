import { parse, View } from 'vega';
import { type Config, compile } from 'vega-lite';
import type { Chart, Width } from './chart.ts';
import { colour, colourStyle } from './palette.ts';

const font = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';

const config: Config = {
  background: 'transparent',
  font,
  padding: 4,
  axis: {
    domainColor: colour('line'),
    gridColor: colour('line'),
    gridOpacity: 0.6,
    tickColor: colour('line'),
    labelColor: colour('faint'),
    titleColor: colour('ink'),
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 'normal',
  },
  legend: { labelColor: colour('ink'), titleColor: colour('ink'), labelFontSize: 12, symbolSize: 90 },
  title: { color: colour('ink'), fontSize: 13, anchor: 'start' },
  header: { labelColor: colour('ink'), titleColor: colour('ink'), labelFontSize: 12 },
  view: { stroke: null },
};

/** The chart as SVG, for the page: colours come from the page's properties. */
export async function renderSvg(chart: Chart, width: Width): Promise<string> {
  const { spec } = compile(chart.spec(width), { config });
  const view = new View(parse(spec), { renderer: 'none' });
  try {
    const svg = await view.toSVG();
    return named(unique(svg, `${chart.name}-${width}`), chart);
  } finally {
    view.finalize();
  }
}

/** The chart as a file of its own, which follows the reader's light or dark setting. */
export async function renderFile(chart: Chart): Promise<string> {
  const svg = await renderSvg(chart, 'wide');
  const style = `<style>${colourStyle()}</style><rect width="100%" height="100%" fill="${colour('paper')}"/>`;
  return `${svg.replace(/(<desc>.*?<\/desc>)/, `$1${style}`)}\n`;
}

/** Ids would otherwise be the same in every chart of a page. */
function unique(svg: string, prefix: string): string {
  return svg.replace(/\b(id="|url\(#)/g, `$1${prefix}-`);
}

/** One image with a title: its marks' labels are for machines, the table beside it is for people. */
function named(svg: string, { title, caption }: Chart): string {
  const head = `<title>${escaped(title)}</title><desc>${escaped(caption)}</desc>`;
  return svg
    .replace(' version="1.1" class="marks"', ' role="img" class="marks"')
    .replace(/^(<svg [^>]*>)/, `$1${head}`);
}

export function escaped(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (letter) => entities[letter]!);
}
