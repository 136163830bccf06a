import type { Graphic, GraphicType } from '../../room/graphics.ts';
import { readCardLine, writeCardLine } from '../../room/graphics.ts';

/** A field of a graphic's form. Its value is always text; `read` and `write` turn it into what the graphic has. */
export interface GraphicField {
  name: string;
  label: string;
  kind: 'text' | 'lines' | 'minutes' | 'image' | 'corner';
  required?: boolean;
  maxLength?: number;
  hint?: string;
}

export const fieldsOf: Record<GraphicType, readonly GraphicField[]> = {
  'lower-third': [
    { name: 'title', label: 'Name or title', kind: 'text', required: true, maxLength: 120 },
    { name: 'subtitle', label: 'Second line', kind: 'text', maxLength: 200 },
  ],
  logo: [
    { name: 'image', label: 'Image', kind: 'image', required: true },
    { name: 'corner', label: 'Corner', kind: 'corner' },
  ],
  ticker: [{ name: 'text', label: 'Text', kind: 'text', required: true, maxLength: 500 }],
  countdown: [
    { name: 'title', label: 'Title', kind: 'text', maxLength: 120 },
    { name: 'minutes', label: 'Minutes, from when it is switched on', kind: 'minutes', required: true },
  ],
  card: [
    { name: 'title', label: 'Question', kind: 'text', required: true, maxLength: 300 },
    { name: 'lines', label: 'Answers, one a line', kind: 'lines', hint: 'For a poll add shares: Yes 40%' },
  ],
  slate: [
    { name: 'title', label: 'Title', kind: 'text', maxLength: 200 },
    { name: 'text', label: 'Text', kind: 'text', maxLength: 500 },
    { name: 'image', label: 'Image', kind: 'image' },
  ],
};

export type Draft = Record<string, string>;

/** What the form of a graphic begins with. */
export function draftOf(graphic: Graphic): Draft {
  const values = graphic as unknown as Record<string, unknown>;
  return Object.fromEntries(
    fieldsOf[graphic.type].map(({ name }) => {
      if (graphic.type === 'card' && name === 'lines')
        return [name, graphic.lines.map(writeCardLine).join('\n')];
      return [name, values[name] == null ? '' : String(values[name])];
    }),
  );
}

/** The graphic that a form stands for. */
export function graphicFrom(id: string, type: GraphicType, draft: Draft): Graphic {
  const text = (name: string) => (draft[name] ?? '').trim();
  switch (type) {
    case 'lower-third':
      return { id, type, title: text('title'), subtitle: text('subtitle') };
    case 'logo':
      return { id, type, image: text('image'), corner: (text('corner') || 'top-right') as 'top-right' };
    case 'ticker':
      return { id, type, text: text('text') };
    case 'countdown':
      return { id, type, title: text('title'), minutes: Number(text('minutes')) || 5 };
    case 'card': {
      const lines = text('lines')
        .split('\n')
        .filter((line) => line.trim() !== '');
      return { id, type, title: text('title'), lines: lines.slice(0, 10).map(readCardLine) };
    }
    case 'slate':
      return { id, type, title: text('title'), text: text('text'), image: text('image') || null };
  }
}
