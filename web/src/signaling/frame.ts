import type { ServerEvent } from '../../../src/signaling/messages.ts';

export type Frame =
  | { is: 'answer'; re: number; answer: unknown }
  | { is: 'error'; re: number; error: { code: string; title: string; detail: string } }
  | { is: 'event'; event: ServerEvent };

const eventTypes: readonly string[] = [
  'room',
  'participants',
  'levels',
  'recordings',
  'outputs',
  'slots',
  'send',
  'notice',
  'ended',
] satisfies ServerEvent['type'][];

/** What the server sent, or null for what this page does not know: a newer server may say more. */
export function parseFrame(text: string): Frame | null {
  let message: Record<string, unknown>;
  try {
    message = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof message !== 'object' || message === null) return null;
  if (typeof message.re === 'number') {
    const { re, error } = message;
    if (error === undefined) return { is: 'answer', re, answer: message };
    return { is: 'error', re, error: wordsOf(error) };
  }
  if (!eventTypes.includes(message.type as string)) return null;
  return { is: 'event', event: message as unknown as ServerEvent };
}

function wordsOf(error: unknown): { code: string; title: string; detail: string } {
  const { code, title, detail } = (error ?? {}) as Record<string, unknown>;
  return {
    code: typeof code === 'string' ? code : 'unknown',
    title: typeof title === 'string' ? title : 'The server refused',
    detail: typeof detail === 'string' ? detail : '',
  };
}
