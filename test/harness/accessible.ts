import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Finding {
  id: string;
  impact: string | null;
  nodes: { target: string[]; failureSummary?: string }[];
}

/**
 * What axe finds on a page that keeps people out or holds them up (all but the minor), as sentences that name
 * the place. Evaluated rather than added as a script, which the page's content security policy forbids.
 * @param within a selector of the part to look at
 */
export async function barriers(page: Page, within = 'html'): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
  const found: Finding[] = await page.evaluate(async (part) => {
    const { axe } = globalThis as unknown as {
      axe: { run(part: string, options: object): Promise<{ violations: Finding[] }> };
    };
    const { violations } = await axe.run(part, { resultTypes: ['violations'] });
    return violations.map(({ id, impact, nodes }) => ({
      id,
      impact,
      nodes: nodes.map(({ target, failureSummary }) => ({ target: target.map(String), failureSummary })),
    }));
  }, within);
  return found
    .filter(({ impact }) => impact !== 'minor')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary = '' }) => `${id} at ${target.join(' ')}: ${failureSummary}`),
    );
}

/** A place the tab key stops at. */
interface Stop {
  /** Of the element, by what tests and people call it. */
  name: string;
  /** Whether it can be seen that the focus is there. */
  marked: boolean;
}

/**
 * Presses the tab key from the page's heading on until it leaves the page or comes round.
 * @returns where it stopped, and what can be used by pointing but was never reached
 */
export async function tabThrough(page: Page): Promise<{ stops: Stop[]; missed: string[] }> {
  const usable = await page.evaluate(watchFocus);
  for (let pressed = 0; pressed < usable.length + 3; pressed++) await page.keyboard.press('Tab');
  const stops = await page.evaluate(() => (globalThis as unknown as { stops: Stop[] }).stops);
  return { stops, missed: usable.filter((name) => !stops.some((stop) => stop.name === name)) };
}

/** Runs in the page: notes each stop from the heading on. @returns what can be used by pointing */
function watchFocus(): string[] {
  const nameOf = (place: Element) =>
    `${place.tagName} ${place.getAttribute('data-test')} ${place.getAttribute('aria-label') ?? ''}`.trim();
  const isMarked = (place: Element | null) => {
    if (!place) return false;
    const { outlineStyle, outlineWidth } = getComputedStyle(place);
    return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
  };
  const page = globalThis as unknown as { stops: Stop[]; note?(event: FocusEvent): void };
  if (page.note) removeEventListener('focusin', page.note);
  document.querySelector('h1')?.focus();
  page.stops = [];
  page.note = ({ target }) => {
    const place = target as Element;
    // Where the control itself is hidden, its label shows the focus.
    page.stops.push({ name: nameOf(place), marked: isMarked(place) || isMarked(place.closest('label')) });
  };
  addEventListener('focusin', page.note);
  const controls = 'button, a[href], input, select, textarea, summary, video[controls]';
  // Of radio buttons and tabs the chosen one stands for all: arrows reach the others.
  const byArrow = '[role=tab]:not([aria-selected=true]), input[type=radio]:not(:checked)';
  return [...document.querySelectorAll(controls)]
    .filter((each) => each.getClientRects().length > 0 && !each.matches(`:disabled, ${byArrow}`))
    .map(nameOf);
}
