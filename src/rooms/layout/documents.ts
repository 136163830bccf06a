import type { LayoutDocument } from './types.ts';

const grid: LayoutDocument = {
  name: 'grid',
  type: 'grid',
  aspect: [16, 9],
  gap: 1 / 90,
  fit: { camera: 'cover', screen: 'contain', media: 'contain' },
};

const builtIn = new Map<string, LayoutDocument>([grid].map((document) => [document.name, document]));

/** Names of the built-in layouts. */
export const layoutNames: readonly string[] = [...builtIn.keys()];

/** The document of a built-in layout, or undefined. */
export function layoutDocument(name: string): LayoutDocument | undefined {
  return builtIn.get(name);
}
