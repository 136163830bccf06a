import type { RoomSpec, TileView } from '../../src/live/contract.ts';
import type { Area, Rgb, SpeakOrder, ViewerStats, WatchOrder } from './reports.ts';
import type { ServerProcess } from './server.ts';
import type { Studio } from './studio.ts';
import { until } from './until.ts';

/** A point of a speaker's picture that shows nothing but their colour. */
const PLAIN = { x: 0.85, y: 0.5 };

/** How far a colour may be off after two codings and conversions, per channel. */
const COLOUR_TOLERANCE = 28;

/** One person's speaking, watching and token in a room. */
export interface Person {
  id: string;
  token: string;
}

/** A room with people in it, as a test sees it from outside. */
export class Stage {
  readonly server: ServerProcess;
  readonly studio: Studio;
  readonly room: string;

  private constructor(server: ServerProcess, studio: Studio, room: string) {
    this.server = server;
    this.studio = studio;
    this.room = room;
  }

  static async open(server: ServerProcess, studio: Studio, spec: RoomSpec = {}): Promise<Stage> {
    const { id } = await server.rest.createRoom(spec);
    return new Stage(server, studio, id);
  }

  /** Publishes as somebody new. */
  async speak(name: string, order: Partial<SpeakOrder>): Promise<Person & { speaker: number }> {
    const token = await this.server.rest.token(this.room, 'panelist', name);
    const speaker = await this.studio.speak({ ...order, server: this.server.url, room: this.room, token });
    const all = await this.server.rest.participants(this.room);
    return { id: all.find((each) => each.name === name)!.id, token, speaker };
  }

  /** Watches as somebody new, or with the token of somebody who is there. */
  async watch(order: Partial<WatchOrder> = {}): Promise<{ viewer: number; answer: string }> {
    const token = order.token ?? (await this.server.rest.token(this.room, 'viewer', 'A viewer'));
    const place = { server: this.server.url, room: this.room, token };
    const { id, answer } = await this.studio.watch({ ...order, ...place });
    return { viewer: id, answer };
  }

  async tiles(): Promise<TileView[]> {
    return (await this.server.rest.room(this.room)).layout.tiles;
  }

  async tileOf(person: Person): Promise<TileView | undefined> {
    return (await this.tiles()).find((tile) => tile.participant === person.id);
  }

  /** Where the person's whole picture is, once it is shown. */
  pictureOf(person: Person, timeoutMs = 5000): Promise<Area> {
    const shown = async () => {
      const tile = await this.tileOf(person);
      return tile?.state === 'live' && tile.picture;
    };
    return until('the tile is live', shown, { timeoutMs });
  }

  /** Waits until a viewer sees the person's colour where the room says their picture is. */
  async untilSeen(viewer: number, person: Person, colour: Rgb, timeoutMs = 5000): Promise<Area> {
    const seen = async () => {
      const area = await this.pictureOf(person, timeoutMs);
      const pixel = await this.pixelIn(viewer, area);
      if (isColour(pixel, colour)) return area;
      throw new Error(`the pixel is ${pixel}, not ${colour}`);
    };
    return until('the colour is seen', seen, { timeoutMs });
  }

  pixelIn(viewer: number, area: Area): Promise<Rgb> {
    return this.studio.call('pixel', viewer, area.x + PLAIN.x * area.w, area.y + PLAIN.y * area.h);
  }

  /** Waits until a viewer's levels of these tones satisfy `heard`, and returns them. */
  untilHeard(
    viewer: number,
    tonesHz: number[],
    heard: (levelsDb: number[]) => boolean,
    timeoutMs = 6000,
  ): Promise<number[]> {
    const listen = async () => {
      const levelsDb = await this.studio.call('tonesDb', viewer, tonesHz);
      if (heard(levelsDb)) return levelsDb;
      throw new Error(`levels are ${levelsDb.map((level) => level.toFixed(0))} dB`);
    };
    return until('the tones are heard', listen, { timeoutMs });
  }

  untilStats(viewer: number, what: string, wanted: (stats: ViewerStats) => boolean): Promise<ViewerStats> {
    const look = async () => {
      const stats = await this.studio.call('stats', viewer);
      return wanted(stats) && stats;
    };
    return until(what, look);
  }
}

export function isColour(pixel: Rgb, colour: Rgb): boolean {
  return pixel.every((level, channel) => Math.abs(level - colour[channel]!) <= COLOUR_TOLERANCE);
}

/** Kinds of the media sections of an SDP, in order. */
export function mediaOf(sdp: string): string[] {
  return [...sdp.matchAll(/^m=(\w+)/gm)].map(([, kind]) => kind!);
}
