import type { VideoCodec } from '../../../mixer/protocol/control.ts';
import type { Yuv } from '../../../mixer/video/planes.ts';
import { Pace } from '../../../scripts/bench/load/pace.ts';
import type { LayoutDocument, TileView } from '../../../src/live/contract.ts';
import { ServerProcess } from '../server.ts';
import { until } from '../until.ts';
import { Notices } from './notices.ts';
import { Onlooker } from './onlooker.ts';
import { Reel, type Shot } from './reel.ts';
import { ScriptedSpeaker } from './speaker.ts';

/** Two places side by side that stay where they are, whoever comes and goes. */
const LAYOUT = {
  name: 'two',
  names: false,
  speakingColor: null,
  transitionMs: 0,
  tiles: [
    { id: 'left', x: 0, y: 0.25, w: 0.5, h: 0.5, fill: [{ by: 'order', n: 1 }] },
    { id: 'right', x: 0.5, y: 0.25, w: 0.5, h: 0.5, fill: [{ by: 'order', n: 2 }] },
  ],
} as unknown as LayoutDocument;

/** As far as a colour may be off after two codings. */
const TOLERANCE = 12;

/** What an odd speaker sends. */
export interface Oddity {
  codec: VideoCodec;
  fps: number;
  shots: readonly Shot[];
}

/** The same, coded: that takes the time of everybody in this process. */
export interface CodedOddity extends Oddity {
  reel: Reel;
}

export const code = (oddity: Oddity): CodedOddity => ({
  ...oddity,
  reel: Reel.of(oddity.codec, oddity.shots),
});

/** Somebody who sends something odd, and what they are told. */
export interface Odd {
  id: string;
  speaker: ScriptedSpeaker;
  notices: Notices;
}

/** A room with a speaker who never stands still on the left, a viewer who looks at them, and odd guests on the right. */
export class OddHouse {
  readonly server: ServerProcess;
  readonly onlooker: Onlooker;
  readonly #room: string;
  readonly #pace: Pace;
  readonly #steady: ScriptedSpeaker;
  readonly #guests = new Set<Odd>();

  static async open(settings: Record<string, string> = {}): Promise<OddHouse> {
    const server = await ServerProcess.start(settings);
    const pace = new Pace();
    try {
      const video = { width: 640, height: 360, fps: 30, codec: 'vp8', kbps: 1500 } as const;
      const { id: room } = await server.rest.createRoom({ layout: LAYOUT, video });
      const steady = await ScriptedSpeaker.open({
        endpoint: `${server.url}/whip/${room}`,
        token: await server.rest.token(room, 'panelist', 'Steady'),
        ...order(code({ codec: 'vp8', fps: 30, shots: rising() })),
      });
      pace.add(steady);
      const viewer = await server.rest.token(room, 'viewer', 'Onlooker');
      const onlooker = await Onlooker.join(`${server.url}/whep/${room}`, viewer);
      const house = new OddHouse(server, room, pace, steady, onlooker);
      await house.#tile(([first]) => first?.state === 'live' && first.picture !== null);
      await house.forPictures(5);
      return house;
    } catch (error) {
      pace.close();
      await server.stop();
      throw error;
    }
  }

  private constructor(
    server: ServerProcess,
    room: string,
    pace: Pace,
    steady: ScriptedSpeaker,
    onlooker: Onlooker,
  ) {
    this.server = server;
    this.#room = room;
    this.#pace = pace;
    this.#steady = steady;
    this.onlooker = onlooker;
  }

  /** From now on it is counted how long the one on the left stands still. */
  watch(): void {
    this.onlooker.watch(0.25, 0.5);
  }

  /** Somebody comes who sends this. */
  async enter(oddity: CodedOddity): Promise<Odd> {
    const token = await this.server.rest.token(this.#room, 'panelist', 'Odd');
    const notices = await Notices.join(this.server.url, token);
    const endpoint = `${this.server.url}/whip/${this.#room}`;
    const speaker = await ScriptedSpeaker.open({ endpoint, token, ...order(oddity) });
    this.#pace.add(speaker);
    const { id } = (await this.server.rest.participants(this.#room)).find(({ name }) => name === 'Odd')!;
    const odd = { id, speaker, notices };
    this.#guests.add(odd);
    return odd;
  }

  /** Resolves when the viewer sees one of these colours on the right. */
  async untilSeen(colours: readonly Yuv[]): Promise<void> {
    await this.#tile(([, second]) => second?.state === 'live' && second.picture !== null);
    await until('the colour is seen', async () => {
      const [y, u, v] = await this.onlooker.colourAt(0.75, 0.5);
      const isSeen = ({ y: ofY, u: ofU, v: ofV }: Yuv) =>
        Math.max(Math.abs(y - ofY), Math.abs(u - ofU), Math.abs(v - ofV)) <= TOLERANCE;
      if (!colours.some(isSeen)) throw new Error(`it is ${[y, u, v]}`);
      return true;
    });
  }

  /** Resolves when the one on the right has a tile without a picture. */
  async untilAvatar(): Promise<void> {
    await this.#tile(([, second]) => second !== undefined && second.picture === null);
  }

  /** Resolves when the viewer has had so many pictures more. */
  async forPictures(count: number): Promise<void> {
    const end = this.onlooker.pictures + count;
    const limits = { everyMs: 20, timeoutMs: 5000 + count * 100 };
    await until(`${count} more pictures`, () => this.onlooker.pictures >= end, limits);
  }

  async leave(odd: Odd): Promise<void> {
    await this.#part(odd);
    await this.#tile(([, second]) => second === undefined);
  }

  /** In its last whole second, 99th percentile, ms. */
  async tickLatenessMs(): Promise<number> {
    return ((await this.server.rest.metric('rostrum_mixer_tick_lateness_p99_seconds')) ?? 0) * 1000;
  }

  async close(): Promise<void> {
    for (const odd of this.#guests) await this.#part(odd);
    this.#pace.close();
    await this.onlooker.close();
    await this.#steady.close();
    await this.server.stop();
  }

  async #part(odd: Odd): Promise<void> {
    this.#guests.delete(odd);
    this.#pace.delete(odd.speaker);
    await odd.speaker.close();
    odd.notices.close();
  }

  async #tile(wanted: (tiles: TileView[]) => boolean): Promise<void> {
    let tiles: TileView[] = [];
    await until('the tiles are as they should be', async () => {
      tiles = (await this.server.rest.room(this.#room)).layout.tiles;
      if (wanted(tiles)) return true;
      throw new Error(JSON.stringify(tiles));
    });
  }
}

const order = ({ codec, fps, reel }: CodedOddity) => ({
  ...{ codec, fps },
  picture: (index: number) => reel.picture(index),
});

/** Brighter with every picture, then dark again. */
const rising = (): Shot[] =>
  [60, 80, 100, 120, 140, 160].map((y) => ({ width: 320, height: 180, colour: { y, u: 110, v: 110 } }));
