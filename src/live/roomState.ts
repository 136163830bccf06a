import { RostrumError } from '../errors.ts';
import { layoutDocument, layoutNames } from '../rooms/layout/documents.ts';
import type { LayoutDocument } from '../rooms/layout/types.ts';
import type { Room } from '../rooms/room.ts';
import type { RoomPatch, RoomSpec, SlateView, SoundView } from './contract.ts';

/** What was asked of a room, checked. */
export interface RoomState {
  title: string;
  mode: 'mcu' | 'sfu';
  live: boolean;
  layout: LayoutDocument;
  spotlight: string | null;
  slate: SlateView;
  /** Whether tiles move and fade. */
  transitions: boolean;
  sound: SoundView;
  /** Whether those on stage may see another picture than viewers. */
  stageProgram: boolean;
  /** Of that picture; null: the program's. */
  stageLayout: LayoutDocument | null;
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
  return {
    ...{ title, mode: checkMode(mode), live, layout: layoutOf('layout', layout), spotlight: null },
    slate: { title: null, text: null, image: null, music: null },
    transitions: true,
    sound: { duckingDb: 12, automaticGain: true, panning: false },
    ...{ stageProgram: false, stageLayout: null },
  };
}

/**
 * @param requireFile throws when the room has no file of this name and kind
 * @throws RostrumError invalid-request; nothing is changed then
 */
export function patched(
  state: RoomState,
  patch: RoomPatch,
  room: Room,
  requireFile: (path: string, name: string | null | undefined, kind: 'image' | 'sound') => void,
): RoomState {
  const { mode, layout, stageLayout, spotlight } = patch;
  if (mode !== undefined) checkMode(mode);
  if (typeof spotlight === 'string' && !room.participants.has(spotlight)) {
    throw new RostrumError('invalid-request', `spotlight: nobody here has the id ${quote(spotlight)}`);
  }
  const next: RoomState = {
    title: patch.title ?? state.title,
    mode: mode ?? state.mode,
    live: patch.live ?? state.live,
    layout: layout === undefined ? state.layout : layoutOf('layout', layout),
    spotlight: spotlight === undefined ? state.spotlight : spotlight,
    slate: { ...state.slate, ...given(patch.slate) },
    transitions: patch.transitions ?? state.transitions,
    sound: { ...state.sound, ...given(patch.sound) },
    stageProgram: patch.stageProgram ?? state.stageProgram,
    stageLayout: stageLayout
      ? layoutOf('stageLayout', stageLayout)
      : stageLayout === null
        ? null
        : state.stageLayout,
  };
  if (next.layout !== state.layout) requireFile('layout.image', next.layout.image, 'image');
  if (next.stageLayout !== state.stageLayout) {
    requireFile('stageLayout.image', next.stageLayout?.image, 'image');
  }
  requireFile('slate.image', patch.slate?.image, 'image');
  requireFile('slate.music', patch.slate?.music, 'sound');
  return next;
}

/** What is shown while nobody is. */
export function slateOf(state: RoomState): { title: string; text: string; image: string | null } {
  const { title, text, image } = state.slate;
  const usual = state.live ? 'Waiting for speakers' : 'Starting soon';
  return { title: title ?? state.title, text: text ?? usual, image };
}

/** @throws RostrumError invalid-request */
function layoutOf(path: string, layout: string | LayoutDocument): LayoutDocument {
  if (typeof layout !== 'string') return layout;
  const document = layoutDocument(layout);
  if (document) return document;
  const allowed = layoutNames.join(', ');
  throw new RostrumError('invalid-request', `${path}: expected one of ${allowed}, got ${quote(layout)}`);
}

function checkMode(mode: 'mcu' | 'sfu'): 'mcu' | 'sfu' {
  if (mode === 'mcu' || mode === 'sfu') return mode;
  throw new RostrumError('invalid-request', `mode: expected mcu or sfu, got ${quote(String(mode))}`);
}

/** Without what was not said: `undefined` would undo what was there. */
const given = <T extends object>(patch: T | undefined): Partial<T> =>
  Object.fromEntries(Object.entries(patch ?? {}).filter(([, value]) => value !== undefined)) as Partial<T>;

const quote = (text: string): string => JSON.stringify(text.slice(0, 80));
