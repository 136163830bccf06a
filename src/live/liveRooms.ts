import { randomBytes } from 'node:crypto';
import { Egress } from '../egress/egress.ts';
import { silentLog } from '../engine/log.ts';
import { MixerPool } from '../engine/mixerPool.ts';
import type { EngineSettings } from '../engine/settings.ts';
import { RostrumError } from '../errors.ts';
import { Library } from '../library/library.ts';
import { checkOffer } from '../rtc/checkOffer.ts';
import { countSlots } from '../rtc/countSlots.ts';
import { createPublisher } from '../rtc/publisher.ts';
import { createRelay } from '../rtc/relay/relay.ts';
import { createShardedDelivery } from '../rtc/shards/delivery.ts';
import { LagWindow } from '../rtc/shards/lagWindow.ts';
import { LoopLag } from '../rtc/shards/loopLag.ts';
import type * as contract from './contract.ts';
import { DeliveryLine } from './deliveryLine.ts';
import { Headroom } from './headroom.ts';
import { LiveRoom } from './liveRoom.ts';
import { RoomFiles } from './roomFiles.ts';
import { checkRoomId, roomState } from './roomState.ts';
import { defaultLiveSettings, type LiveLimits, type LiveSettings } from './settings.ts';
import { videoSettings } from './videoSettings.ts';

type Partly = 'engine' | 'video' | 'limits';

/** `ThreadLoad.lagP99Ms` is of so many looks. */
const WINDOW_LOOKS = 15;

/** Settings of live rooms; what is left out has the default of `defaultLiveSettings`. */
export type LiveRoomsOptions = Partial<Omit<LiveSettings, Partly | 'rtc'>> &
  Pick<LiveSettings, 'rtc'> & {
    engine?: Partial<EngineSettings>;
    video?: Partial<contract.VideoSettings>;
    limits?: Partial<LiveLimits>;
  };

/** All rooms of a server. Closing ends every room, the delivery and the last process. */
export function createLiveRooms(options: LiveRoomsOptions): contract.LiveRooms {
  return new LiveRooms(withDefaults(options));
}

function withDefaults(options: LiveRoomsOptions): LiveSettings {
  const defaults = defaultLiveSettings;
  return {
    ...defaults,
    log: silentLog,
    createPublisher,
    createRelay,
    checkOffer,
    countSlots,
    createDelivery: createShardedDelivery(options.log ?? silentLog),
    ...options,
    engine: { ...defaults.engine, ...options.engine },
    video: videoSettings(options.video, defaults.video),
    limits: { ...defaults.limits, ...options.limits },
  };
}

class LiveRooms implements contract.LiveRooms {
  readonly #settings: LiveSettings;
  readonly #pool: MixerPool;
  readonly #line: DeliveryLine;
  readonly #egress: Egress | null;
  readonly #library: Library | null;
  readonly #rooms = new Map<string, LiveRoom>();
  /** Rooms that are ending, so that closing waits for them, too. */
  readonly #ending = new Set<Promise<void>>();
  readonly #headroom: Headroom;
  readonly #lag = new LoopLag();
  readonly #lagWindow = new LagWindow(WINDOW_LOOKS);
  readonly #measuring: NodeJS.Timeout;
  #closed = false;
  #sweeping: NodeJS.Timeout | undefined;

  constructor(settings: LiveSettings) {
    this.#settings = settings;
    this.#pool = new MixerPool(settings.engine, settings.log);
    this.#line = new DeliveryLine(settings.createDelivery, settings.rtc);
    const { egress, library, log, clock } = settings;
    this.#library = library && new Library(library);
    this.#egress = egress && new Egress({ ...egress, log, nowUs: () => clock.nowMs() * 1000 });
    this.#headroom = new Headroom(settings.headroom);
    this.#measuring = setInterval(() => {
      this.#lookAtHeadroom();
      void this.#measure();
    }, settings.measureMs);
    this.#measuring.unref();
  }

  get files(): contract.Files {
    return new RoomFiles(this.#library, null);
  }

  get recordings(): contract.Recordings {
    return this.#egress?.recordings ?? noRecordings;
  }

  async open(): Promise<void> {
    await Promise.all([this.#egress?.open(), this.#library?.open()]);
    if (this.#library) this.#sweeping = setTimeout(() => void this.#sweep(), this.#library.lostMs).unref();
  }

  create(spec: contract.RoomSpec): LiveRoom {
    const { maxRooms } = this.#settings.limits;
    if (this.#closed) throw new RostrumError('shutting-down', 'the server stops; try again', 5);
    const id = checkRoomId(spec.id ?? randomBytes(6).toString('hex'));
    const state = roomState(spec, id);
    const video = videoSettings(spec.video, this.#settings.video);
    if (this.#rooms.has(id))
      throw new RostrumError(
        'room-exists',
        `there is a room ${id} already; choose another id, or delete that one`,
      );
    if (this.#rooms.size >= maxRooms)
      throw new RostrumError(
        'full',
        `the server holds ${maxRooms} rooms (ROSTRUM_MAX_ROOMS); delete one`,
        60,
      );
    const files = new RoomFiles(this.#library, id);
    files.require('layout.image', state.layout.image, 'image');
    const room = new LiveRoom(id, state, {
      settings: this.#settings,
      headroom: this.#headroom,
      pool: this.#pool,
      line: this.#line,
      egress: this.#egress,
      video,
      files,
    });
    this.#rooms.set(id, room);
    return room;
  }

  list(): LiveRoom[] {
    return [...this.#rooms.values()];
  }

  get(id: string): LiveRoom {
    const room = this.#rooms.get(id);
    if (room) return room;
    throw new RostrumError(
      'no-such-room',
      `there is no room ${JSON.stringify(id.slice(0, 80))}; it may have ended`,
    );
  }

  async delete(id: string): Promise<void> {
    await this.#end(this.get(id), 'room-deleted');
  }

  metrics(): contract.RoomMetrics[] {
    return this.list().map((room) => room.metrics());
  }

  threads(): contract.ThreadLoad[] {
    const lagP99Ms = this.#lagWindow.p99Ms;
    const main = { thread: 'main', subscribers: 0, lagP99Ms, lag: this.#lag.histogram, droppedPictures: 0 };
    return [main, ...this.#line.threads()];
  }

  headroom(): { shortage: string | null; refused: number } {
    const { shortage, refused } = this.#headroom;
    return { shortage, refused };
  }

  canMix(): Promise<boolean> {
    return this.#pool.canMix();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#measuring);
    clearTimeout(this.#sweeping);
    this.#lag.close();
    for (const room of this.list()) void this.#end(room, 'shutting-down');
    await Promise.all([...this.#ending, this.#pool.close(), this.#egress?.close()]);
    await this.#line.close();
  }

  #end(room: LiveRoom, reason: 'room-deleted' | 'shutting-down'): Promise<void> {
    this.#rooms.delete(room.id);
    const ending = room.close(reason);
    this.#ending.add(ending);
    void ending.finally(() => this.#ending.delete(ending));
    return ending;
  }

  /** Rooms do not outlive the server; their files do, for those that are made anew. */
  async #sweep(): Promise<void> {
    const swept = await this.#library?.sweep((room) => this.#rooms.has(room));
    const { log } = this.#settings;
    for (const shelf of swept ?? []) {
      if (shelf.error) log.warn(shelf, 'files of a room that is no more could not be removed');
      else log.info(shelf, 'files of a room that is no more were removed');
    }
  }

  #lookAtHeadroom(): void {
    const before = this.#headroom.shortage;
    const shares = this.list().flatMap((room): [string, number][] => {
      const { id, skippedShare } = room;
      return skippedShare === null ? [] : [[id, skippedShare]];
    });
    this.#lagWindow.push(this.#lag.histogram);
    const lagMs = Math.max(this.#lagWindow.lastP99Ms, this.#line.lagMs);
    this.#headroom.note({ lagMs, skippedShares: new Map(shares) });
    const { shortage } = this.#headroom;
    if ((shortage === null) === (before === null)) return;
    if (shortage === null) this.#settings.log.info({}, 'there is headroom again: people are taken in');
    else this.#settings.log.warn({ shortage }, 'nobody new is taken in');
  }

  async #measure(): Promise<void> {
    const watched = this.list().filter((room) => room.subscribers > 0);
    if (watched.length === 0 || this.#closed) return;
    const answer = await this.#line.stats().catch(() => []);
    const stats = new Map(answer.map((each) => [each.subscriber, each]));
    for (const room of watched) room.measured(stats);
  }
}

/** Where nothing is written to disk there is nothing to list. */
const noRecordings: contract.Recordings = {
  list: () => [],
  get: (id) => noRecording(id),
  change: async (id) => noRecording(id),
  mark: (id) => noRecording(id),
  remove: async (id) => noRecording(id),
  file: (id) => noRecording(id),
};

function noRecording(id: string): never {
  throw new RostrumError(
    'no-such-recording',
    `there is no recording ${JSON.stringify(id.slice(0, 80))}; it may have been removed`,
  );
}
