import type {
  Identity,
  LiveRoom,
  LiveRooms,
  Role,
  RoomEvent,
  RoomMetrics,
  RoomSpec,
} from '../../../src/live/contract.ts';
import { createLiveRooms, type LiveRoomsOptions } from '../../../src/live/liveRooms.ts';
import { child } from '../engine/harness.ts';
import { type MemoryPublisher, MemoryRtc } from './memoryRtc.ts';

interface MixerState {
  tracks: string[];
  gains: Record<string, string>;
  encoders: string[];
  keyFrames: string[];
  /** Asked of encoders while they run, in order, kbit/s. */
  rates: string[];
  tiles: string[];
  /** Of the second program. */
  stage: string[];
  /** Whose sound is in the first program; null: everybody's. */
  heard: string[] | null;
  /** How sound is mixed. */
  sound: { duckingDb: number; automaticGain: boolean; panning: boolean };
  /** How what is played. */
  plays: Record<string, string>;
  /** Of the slate. */
  text: string;
}

/** Live rooms with `rtc/` in memory, real mixer processes that echo, and a clock set by hand. */
export class House {
  readonly rtc = new MemoryRtc();
  readonly rooms: LiveRooms;
  nowMs = 1_000_000;
  #heardState: (state: MixerState) => void = () => {};

  constructor(options: Partial<LiveRoomsOptions> = {}) {
    this.rooms = createLiveRooms({
      rtc: {
        portRange: [40000, 40100],
        publicAddresses: [],
        connectTimeoutMs: 1000,
        maxRemoteCandidates: 4,
        maxVideoKbps: 1000,
      },
      encoderLingerMs: 30,
      clock: { nowMs: () => this.nowMs, unixMs: () => Date.UTC(2026, 10, 20) },
      createPublisher: this.rtc.createPublisher,
      checkOffer: this.rtc.checkOffer,
      countSlots: this.rtc.countSlots,
      createDelivery: this.rtc.createDelivery,
      ...options,
      engine: { program: child('echo'), spare: false, ...options.engine },
      log: { debug() {}, info: (fields) => this.#logged(fields), warn() {}, error() {} },
    });
  }

  open(spec: RoomSpec = {}): RoomTest {
    return new RoomTest(this, this.rooms.create({ id: 'lab', ...spec }));
  }

  /** What the room's mixer would mix now, by its own account. */
  mixer(room: LiveRoom): Promise<MixerState> {
    return new Promise((resolve) => {
      // Other text than any scene before, so that it is sent, and is known when it is heard of.
      const text = `${Math.random()}`;
      this.#heardState = (state) => {
        if (state.text === text) resolve(state);
      };
      room.patch({ slate: { title: 'tell', text } });
    });
  }

  close(): Promise<void> {
    return this.rooms.close();
  }

  #logged(fields: object): void {
    const { line } = fields as { line?: string };
    if (line?.startsWith('state ')) this.#heardState(JSON.parse(line.slice(6)) as MixerState);
  }
}

/** Somebody and what they do in one room. */
export class RoomTest {
  readonly house: House;
  readonly room: LiveRoom;

  constructor(house: House, room: LiveRoom) {
    this.house = house;
    this.room = room;
  }

  who(participant: string, role: Role = 'panelist'): Identity {
    return { participant, role, room: this.room.id, name: participant.toUpperCase() };
  }

  async publish(participant: string, offer = 'audio vp8', kind: 'camera' | 'screen' = 'camera') {
    const session = await this.room.publish(this.who(participant), kind, offer, true);
    return { session, peer: this.house.rtc.publishers.at(-1) as MemoryPublisher };
  }

  watch(participant: string, offer = 'audio vp8 h264', role: Role = 'viewer') {
    return this.room.subscribe(this.who(participant, role), offer, true);
  }

  /** Joins and keeps what is told. */
  join(participant: string, role: Role = 'viewer') {
    const events: RoomEvent[] = [];
    const membership = this.room.join(this.who(participant, role), (event) => events.push(event));
    return { membership, events };
  }

  /** Participant and state of each tile, in order. */
  tiles(): string[] {
    return this.room
      .view()
      .layout.tiles.map(({ participant, kind, state }) =>
        kind === 'camera' ? `${participant} ${state}` : `${participant} ${kind} ${state}`,
      );
  }

  mixer(): Promise<MixerState> {
    return this.house.mixer(this.room);
  }

  metrics(): RoomMetrics {
    return this.house.rooms.metrics().find((each) => each.room === this.room.id)!;
  }
}
