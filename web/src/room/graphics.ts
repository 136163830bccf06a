import type { Elements, SceneElement } from '../../../src/live/contract.ts';

type ElementSpec = Parameters<Elements['set']>[0];

/** A graphic as a host keeps it ready. A countdown knows how long it is, and when it ends only once it runs. */
export type Graphic =
  | Exclude<SceneElement, { type: 'countdown' }>
  | { id: string; type: 'countdown'; title: string; minutes: number };

export type GraphicType = Graphic['type'];

export const graphicTypes: readonly { type: GraphicType; label: string }[] = [
  { type: 'lower-third', label: 'Lower third' },
  { type: 'logo', label: 'Logo' },
  { type: 'ticker', label: 'Ticker' },
  { type: 'countdown', label: 'Countdown' },
  { type: 'card', label: 'Question or poll' },
  { type: 'slate', label: 'Full-screen text' },
];

/** The element that puts a graphic on the air. The server knows when a countdown ends: this clock may be wrong. */
export function elementOf(graphic: Graphic): ElementSpec {
  if (graphic.type !== 'countdown') return graphic;
  const { id, type, title, minutes } = graphic;
  return { id, type, title, durationMs: Math.round(minutes * 60_000) };
}

/**
 * A graphic that somebody else put on the air, or that this browser has forgotten.
 * @param nowMs by the server's clock
 */
export function graphicOf(element: SceneElement, nowMs: number): Graphic {
  if (element.type !== 'countdown') return element;
  const { id, type, title, untilMs } = element;
  return { id, type, title, minutes: Math.max(1, Math.ceil((untilMs - nowMs) / 60_000)) };
}

/** Those that are kept, in their order, then those on the air that are not. */
export function withOnAir(
  kept: readonly Graphic[],
  onAir: readonly SceneElement[],
  nowMs: number,
): Graphic[] {
  const known = new Set(kept.map(({ id }) => id));
  return [...kept, ...onAir.filter(({ id }) => !known.has(id)).map((element) => graphicOf(element, nowMs))];
}

/** What stands in a list for it. */
export function summaryOf(graphic: Graphic): string {
  switch (graphic.type) {
    case 'lower-third':
      return [graphic.title, graphic.subtitle].filter(Boolean).join(' · ');
    case 'logo':
      return graphic.image;
    case 'ticker':
      return graphic.text;
    case 'countdown':
      return `${graphic.title ? `${graphic.title}, ` : ''}${graphic.minutes} min`;
    case 'card':
    case 'slate':
      return graphic.title || 'Without a title';
  }
}

/** A line of a card as it is typed: `Yes 40%` has a share. */
export function readCardLine(line: string): { text: string; share: number | null } {
  const match = /^(.*\S)\s+(\d{1,3}(?:[.,]\d+)?)\s*%$/.exec(line.trim());
  const share = match ? Number(match[2]!.replace(',', '.')) / 100 : null;
  if (!match || share === null || share > 1) return { text: line.trim(), share: null };
  return { text: match[1]!, share };
}

export function writeCardLine({ text, share }: { text: string; share: number | null }): string {
  return share === null ? text : `${text} ${Math.round(share * 1000) / 10}%`;
}

/** What was stored, or null for what no version of this page stored. */
export function readGraphic(stored: unknown): Graphic | null {
  if (typeof stored !== 'object' || stored === null) return null;
  const from = stored as Record<string, unknown>;
  const text = (name: string) => (typeof from[name] === 'string' ? (from[name] as string) : '');
  const id = text('id');
  if (!/^[a-z0-9][a-z0-9_-]{0,63}$/.test(id)) return null;
  switch (from.type) {
    case 'lower-third':
      return { id, type: from.type, title: text('title'), subtitle: text('subtitle') };
    case 'logo': {
      const corner = corners.find((each) => each === from.corner) ?? 'top-right';
      return { id, type: from.type, image: text('image'), corner };
    }
    case 'ticker':
      return { id, type: from.type, text: text('text') };
    case 'countdown': {
      const minutes = typeof from.minutes === 'number' && from.minutes > 0 ? from.minutes : 5;
      return { id, type: from.type, title: text('title'), minutes };
    }
    case 'slate':
      return { id, type: from.type, title: text('title'), text: text('text'), image: text('image') || null };
    case 'card':
      return { id, type: from.type, title: text('title'), lines: readLines(from.lines) };
    default:
      return null;
  }
}

export const corners = ['top-left', 'top-right', 'bottom-left', 'bottom-right'] as const;

function readLines(stored: unknown): { text: string; share: number | null }[] {
  if (!Array.isArray(stored)) return [];
  return stored.flatMap((line) => {
    const { text, share } = (line ?? {}) as Record<string, unknown>;
    return typeof text === 'string' ? [{ text, share: typeof share === 'number' ? share : null }] : [];
  });
}
