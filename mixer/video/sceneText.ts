import type { Scene, SceneElement } from '../protocol/control.ts';

/** Everything that is written somewhere in a scene, in one text. */
export function sceneText({ tiles, slate, elements = [] }: Scene): string {
  const written = [slate.title, slate.text];
  for (const { name, title } of tiles) written.push(name, title ?? '');
  for (const element of elements) written.push(...elementText(element));
  return written.join('\n');
}

function elementText(element: SceneElement): string[] {
  switch (element.type) {
    case 'lower-third':
      return [element.title, element.subtitle];
    case 'ticker':
      return [element.text];
    case 'countdown':
      return [element.title];
    case 'slate':
      return [element.title, element.text];
    case 'card':
      return [element.title, ...element.lines.map(({ text }) => text)];
    case 'logo':
      return [];
  }
}
