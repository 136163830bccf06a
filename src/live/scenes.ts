import type { ProgramName, Scene, SceneElement } from '../../mixer/protocol/control.ts';
import type { Engine, Playing } from '../engine/engine.ts';
import type { Attention, Canvas } from '../rooms/layout/types.ts';
import { mayPublish } from '../rooms/roles.ts';
import type { Occupant, Room } from '../rooms/room.ts';
import { Composition } from './composition.ts';
import { imageOf } from './elements.ts';
import { HOLD, HoldMusic } from './holdMusic.ts';
import { Images } from './images.ts';
import type { Media } from './media.ts';
import { type RoomState, slateOf } from './roomState.ts';

export interface ScenesParts {
  engine: Engine;
  room: Room;
  canvas: Canvas;
  elements(): SceneElement[];
  media: Pick<Media, 'occupants' | 'list'>;
  /** Who has the floor, and who had it before. */
  floor(): readonly string[];
  /** Where a file of the room lies; undefined when it is gone. */
  pathOf(name: string): string | undefined;
  nowMs(): number;
}

/**
 * What is seen and heard in a room's two programs. Viewers see the first, which is the slate until the room
 * is live; where a host wants it, those on stage see the second: everybody who sends, live or not.
 */
export class Scenes {
  readonly program: Composition;
  readonly stage: Composition;
  readonly #parts: ScenesParts;
  readonly #images: Images;
  readonly #music: HoldMusic;
  #stageDiffers = false;

  constructor(parts: ScenesParts) {
    this.#parts = parts;
    this.program = new Composition(parts.canvas);
    this.stage = new Composition(parts.canvas);
    this.#images = new Images(parts.engine, parts.pathOf);
    this.#music = new HoldMusic(parts.engine, parts.pathOf);
  }

  /** Whether those on stage are shown another picture than viewers now. */
  get stageDiffers(): boolean {
    return this.#stageDiffers;
  }

  /** What somebody watches. */
  programFor(participant: string): ProgramName {
    const role = this.#parts.room.participants.get(participant)?.role ?? 'viewer';
    return this.#stageDiffers && mayPublish(role) ? 'stage' : 'program';
  }

  /** True when somebody waits for a tile who may have one now. */
  due(nowMs: number): boolean {
    return this.program.due(nowMs) || (this.#stageDiffers && this.stage.due(nowMs));
  }

  /** Whether there is a second program, by what the room is now: to be called before tracks are attached. */
  divide(state: RoomState): void {
    const { stageProgram, stageLayout, live, mode } = state;
    const differs = !live || stageLayout !== null || this.#parts.room.hasBackstage;
    this.#stageDiffers = stageProgram && mode === 'mcu' && differs;
  }

  /** What hosts should know of the music, once: that it cannot be played, and why. */
  musicFailure(playing: Playing): string | null {
    return this.#music.failure(playing);
  }

  /** Tells the mixer what to show. Returns what viewers see. */
  show(state: RoomState): Scene {
    const { engine } = this.#parts;
    const elements = this.#parts.elements();
    const { layout, stageLayout, live, slate } = state;
    this.#images.show([layout.image, stageLayout?.image ?? null, slate.image, ...elements.map(imageOf)]);
    this.#music.play(live ? null : slate.music);
    const program = this.#programScene(state, elements);
    engine.scene(program);
    if (this.#stageDiffers) engine.scene(this.#stageScene(state), 'stage');
    return program;
  }

  #programScene(state: RoomState, elements: SceneElement[]): Scene {
    const { room, media, nowMs } = this.#parts;
    const occupants = state.live ? [...room.occupants(nowMs()), ...media.occupants()] : [];
    const arrangement = this.program.arrange(this.#setting(state, state.layout, occupants));
    // While live, one program holds everything that is sent; with two each says who is in it.
    const all = state.live && !this.#stageDiffers;
    const heard = all ? null : [...(state.live ? this.#audible(false) : []), HOLD];
    return { ...arrangement, slate: slateOf(state), elements, heard };
  }

  #stageScene(state: RoomState): Scene {
    const { room, media, nowMs } = this.#parts;
    const occupants = [...room.occupants(nowMs(), true), ...media.occupants()];
    const layout = state.stageLayout ?? state.layout;
    const arrangement = this.stage.arrange(this.#setting(state, layout, occupants));
    return { ...arrangement, slate: slateOf(state), heard: this.#audible(true) };
  }

  /** Everything with sound; gains say who is muted. */
  #audible(backstage: boolean): NonNullable<Scene['heard']> {
    const { room, media, nowMs } = this.#parts;
    const people = room.occupants(nowMs(), backstage).map(({ participant, kind }) => ({ participant, kind }));
    return [...people, ...media.list().map(({ id, kind }) => ({ participant: id, kind }))];
  }

  #setting(state: RoomState, layout: RoomState['layout'], occupants: Occupant[]) {
    const attention: Attention = { floor: this.#parts.floor(), spotlight: state.spotlight };
    return { layout, occupants, attention, transitions: state.transitions, nowMs: this.#parts.nowMs() };
  }
}
