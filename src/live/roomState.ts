import { RostrumError } from '../errors.ts';
import { layoutNames } from '../rooms/layout/documents.ts';
import type { Room } from '../rooms/room.ts';
import type { RoomPatch, RoomSpec, VideoSettings } from './contract.ts';

/** What was asked of a room, checked. */
export interface RoomState {
  title: string;
  mode: 'mcu' | 'sfu';
  live: boolean;
  layout: string;
  spotlight: string | null;
  slate: { title?: string; text?: string };
}

const ID = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** @throws RostrumError invalid-request */
export function checkRoomId(id: string): string {
  if (ID.test(id)) return id;
  throw new RostrumError('invalid-request', `id: expected 1 to 64 of a-z, 0-9, - and _, got ${quote(id)}`);
}

/** @throws RostrumError invalid-request */
export function roomState(spec: RoomSpec, id: string): RoomState {
  const { title = id, mode = 'mcu', live = true, layout = 'grid' } = spec;
  return { title, mode: checkMode(mode), live, layout: checkLayout(layout), spotlight: null, slate: {} };
}

/** @throws RostrumError invalid-request; nothing is changed then */
export function patched(state: RoomState, patch: RoomPatch, room: Room): RoomState {
  if (patch.mode !== undefined) checkMode(patch.mode);
  if (patch.layout !== undefined) checkLayout(patch.layout);
  if (patch.spotlight && !room.participants.has(patch.spotlight)) {
    throw new RostrumError('invalid-request', `spotlight: nobody here has the id ${quote(patch.spotlight)}`);
  }
  const { title, mode, live, layout, spotlight, slate } = patch;
  return {
    title: title ?? state.title,
    mode: mode ?? state.mode,
    live: live ?? state.live,
    layout: layout ?? state.layout,
    spotlight: spotlight === undefined ? state.spotlight : spotlight,
    slate: { ...state.slate, ...slate },
  };
}

/** What is shown while nobody is. */
export function slateOf(state: RoomState): { title: string; text: string } {
  const { title = state.title, text } = state.slate;
  return { title, text: text ?? (state.live ? 'Waiting for speakers' : 'Starting soon') };
}

const ranges = { width: [160, 3840], height: [90, 2160], fps: [1, 60], kbps: [100, 50_000] } as const;

/** @throws RostrumError invalid-request */
export function videoSettings(
  asked: Partial<VideoSettings> | undefined,
  common: VideoSettings,
): VideoSettings {
  const given = Object.entries(asked ?? {}).filter(([, value]) => value !== undefined);
  const video = { ...common, ...Object.fromEntries(given) } as VideoSettings;
  for (const name of ['width', 'height', 'fps', 'kbps'] as const) {
    const [least, most] = ranges[name];
    const even = name !== 'width' && name !== 'height' ? true : video[name] % 2 === 0;
    if (Number.isInteger(video[name]) && video[name] >= least && video[name] <= most && even) continue;
    const whole = name === 'width' || name === 'height' ? 'an even number' : 'a whole number';
    throw new RostrumError('invalid-request', `video.${name}: expected ${whole} from ${least} to ${most}`);
  }
  checkLadder(video.ladder ?? []);
  if (video.codec === 'vp8' || video.codec === 'h264') return video;
  throw new RostrumError('invalid-request', 'video.codec: expected vp8 or h264');
}

function checkLadder(steps: NonNullable<VideoSettings['ladder']>): void {
  for (const [index, { height, kbps }] of steps.entries()) {
    const even = Number.isInteger(height) && height % 2 === 0 && height >= 90 && height <= 2160;
    if (even && Number.isInteger(kbps) && kbps >= 30 && kbps <= 50_000) continue;
    throw new RostrumError(
      'invalid-request',
      `video.ladder[${index}]: expected an even height from 90 to 2160 and 30 to 50000 kbit/s`,
    );
  }
}

function checkLayout(name: string): string {
  if (layoutNames.includes(name)) return name;
  const allowed = layoutNames.join(', ');
  throw new RostrumError('invalid-request', `layout: expected one of ${allowed}, got ${quote(name)}`);
}

function checkMode(mode: 'mcu' | 'sfu'): 'mcu' | 'sfu' {
  if (mode === 'mcu' || mode === 'sfu') return mode;
  throw new RostrumError('invalid-request', `mode: expected mcu or sfu, got ${quote(String(mode))}`);
}

const quote = (text: string): string => JSON.stringify(text.slice(0, 80));
