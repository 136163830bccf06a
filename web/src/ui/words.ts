import type { ParticipantView, Role } from '../../../src/live/contract.ts';
import type { Problem } from '../media/problem.ts';
import type { RoomState } from '../room/state.ts';

export const roleWords: Record<Role, string> = {
  host: 'Host',
  'co-host': 'Co-host',
  panelist: 'Panelist',
  viewer: 'Viewer',
};

/** Where somebody is, in a word. */
export function whereabouts({ role, onStage, connection }: ParticipantView): string {
  if (connection === 'lost') return 'Connection lost';
  if (onStage) return connection === 'poor' ? 'On stage, poor connection' : 'On stage';
  return role === 'viewer' ? 'Watching' : 'Not on stage';
}

export interface Condition {
  tone: 'good' | 'busy' | 'bad';
  text: string;
}

/** What to say about the connection, or null when there is nothing to say. */
export function conditionOf(
  state: Pick<RoomState, 'channel' | 'restarting' | 'program' | 'programProblem' | 'upload'>,
): Condition | null {
  if (state.program === 'refused') return null;
  if (state.restarting && state.channel !== 'open') {
    return { tone: 'busy', text: 'The server is restarting. You will be back by yourself.' };
  }
  if (state.program === 'reconnecting' && state.programProblem?.status) {
    return { tone: 'busy', text: `${reasonOf(state.programProblem)} Trying again…` };
  }
  if (state.program === 'reconnecting')
    return { tone: 'busy', text: 'The connection was lost. Reconnecting…' };
  if (state.upload === 'reconnecting') {
    return { tone: 'busy', text: 'Others may not see or hear you. Reconnecting…' };
  }
  if (state.channel !== 'open') return { tone: 'busy', text: 'Reconnecting to the room…' };
  return null;
}

/** A problem in one or two sentences. */
export function reasonOf({ title, detail }: Pick<Problem, 'title' | 'detail'>): string {
  return [asSentence(title), asSentence(detail)].filter(Boolean).join(' ');
}

/** The server's details begin small and end without a stop, to stand in any text. */
export function asSentence(text: string): string {
  const stop = /[.!?…]$/.test(text) || text === '' ? '' : '.';
  return text.charAt(0).toLocaleUpperCase() + text.slice(1) + stop;
}

/** `4:07`, or `1:04:07`. */
export function clockTime(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const hours = Math.floor(seconds / 3600);
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60];
  const [minutes, rest] = parts.map((part) => String(part).padStart(2, '0'));
  return hours > 0 ? `${hours}:${minutes}:${rest}` : `${Number(minutes)}:${rest}`;
}

/** In the units that files are shown in elsewhere. */
export function fileSize(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

/** `600 kbit/s`, or `2 Mbit/s`. */
export function bitRate(kbps: number): string {
  return kbps < 1000 ? `${Math.round(kbps)} kbit/s` : `${Math.round(kbps / 100) / 10} Mbit/s`;
}

export const people = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;
