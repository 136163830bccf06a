export type Shortcut = 'microphone' | 'camera' | 'sound' | 'full-screen' | 'stats' | 'quality';

interface KeyStroke {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  repeat: boolean;
  target: unknown;
}

/**
 * What a key press asks for, or null: nothing while somebody types, holds a modifier or keeps the
 * key down. `m` is the microphone of those who speak, and the sound of those who only watch.
 */
export function shortcutOf(stroke: KeyStroke, speaks: boolean): Shortcut | null {
  if (stroke.ctrlKey || stroke.metaKey || stroke.altKey || stroke.repeat || isTyping(stroke.target))
    return null;
  switch (stroke.key.toLowerCase()) {
    case 'm':
      return speaks ? 'microphone' : 'sound';
    case 'v':
      return speaks ? 'camera' : null;
    case 'f':
      return 'full-screen';
    case 's':
      return 'stats';
    case 'q':
      return 'quality';
    default:
      return null;
  }
}

function isTyping(target: unknown): boolean {
  const { tagName, isContentEditable, type } = (target ?? {}) as Partial<HTMLInputElement>;
  if (isContentEditable) return true;
  if (tagName === 'INPUT') return !['range', 'checkbox', 'radio', 'button'].includes(type ?? 'text');
  return tagName === 'TEXTAREA' || tagName === 'SELECT';
}
