/** Live rooms without media: what REST, WHIP and the WebSocket are tried against, by the contract. */

import { RoomOutputs } from '../../../src/egress/outputs/roomOutputs.ts';
import { RostrumError } from '../../../src/errors.ts';
import type { Library } from '../../../src/library/library.ts';
import type {
  Identity,
  LiveRoom,
  LiveRooms,
  MediaSession,
  ParticipantView,
  Recordings,
  RoomEvent,
  RoomSpec,
} from '../../../src/live/contract.ts';
import { Elements } from '../../../src/live/elements.ts';
import { Media } from '../../../src/live/media.ts';
import { RoomFiles } from '../../../src/live/roomFiles.ts';
import { patched, roomState } from '../../../src/live/roomState.ts';
import { roomView } from '../../../src/live/views.ts';
import { Room } from '../../../src/rooms/room.ts';

const lag = { boundsMs: [5, 10, 20], counts: [90, 5, 4, 1], sumMs: 300 };
const loaded = { subscribers: 3, lagP99Ms: 2, lag, droppedPictures: 1 };

type Listener = (event: RoomEvent) => void;

export interface MemoryRooms extends LiveRooms {
  /** A test may put real ones here. */
  recordings: Recordings;
  /** A test may put a real one here. */
  library: Library | null;
  /** What `canMix` says. */
  mixes: boolean;
  /** Why nobody is taken in. */
  shortage: string | null;
  /** What `publish` and `subscribe` were last asked with. */
  lastOffer: { offer: string; loopback: boolean; kind: string; who: Identity } | null;
  /** Media sessions that are open. */
  openSessions: Set<string>;
  /** How many ever were. */
  opened: number;
  /** Publishing waits for this. */
  publishing: Promise<void>;
  /** Sends an event to everyone in a room. */
  tell(room: string, event: RoomEvent): void;
}

export function createMemoryRooms(): MemoryRooms {
  const rooms = new Map<string, ReturnType<typeof createMemoryRoom>>();
  const memory: MemoryRooms = {
    recordings: {
      list: () => [],
      get: noRecording,
      change: async (id) => noRecording(id),
      mark: noRecording,
      remove: async (id) => noRecording(id),
      file: noRecording,
    },
    async open() {},
    mixes: true,
    shortage: null,
    headroom: () => ({ shortage: memory.shortage, refused: 3 }),
    library: null,
    get files() {
      return new RoomFiles(memory.library, null);
    },
    lastOffer: null,
    openSessions: new Set(),
    opened: 0,
    publishing: Promise.resolve(),
    tell: (room, event) => rooms.get(room)?.tell(event),
    create(spec) {
      const id = spec.id ?? `room-${rooms.size + 1}`;
      if (rooms.has(id)) throw new RostrumError('room-exists', id);
      const room = createMemoryRoom(id, spec, memory);
      rooms.set(id, room);
      return room;
    },
    list: () => [...rooms.values()],
    get(id) {
      const room = rooms.get(id);
      if (!room) throw new RostrumError('no-such-room', `there is no room ${id}`);
      return room;
    },
    async delete(id) {
      memory.get(id);
      memory.tell(id, { type: 'ended', reason: 'room-deleted' });
      rooms.delete(id);
    },
    threads: () => ['main', 'delivery-1'].map((thread) => ({ ...loaded, thread })),
    metrics: () =>
      [...rooms.keys()].map((room) => ({
        room,
        publishers: 1,
        subscribers: 2,
        videoEncoders: 1,
        audioEncoders: 2,
        mixerRestarts: 0,
        mixerPid: null,
        skippedPictures: 4,
        full: memory.shortage !== null,
        tickLatenessP99Ms: 1.5,
        pictureLatency: { boundsMs: [5, 10, 1000], counts: [3, 2, 0, 1], sumMs: 1030 },
        tickLateness: lag,
        soundLatency: null,
        avOffsets: [{ participant: 'ada', kind: 'camera' as const, offsetMs: -12.5 }],
        packetsSent: 100,
        bytesSent: 12_345,
      })),
    canMix: async () => memory.mixes,
    async close() {
      for (const id of rooms.keys()) memory.tell(id, { type: 'ended', reason: 'shutting-down' });
    },
  };
  return memory;
}

function noRecording(id: string): never {
  throw new RostrumError('no-such-recording', id);
}

function createMemoryRoom(id: string, spec: RoomSpec, memory: MemoryRooms) {
  const people = new Map<string, ParticipantView>();
  const removed = new Set<string>();
  const sessions = new Map<string, MediaSession>();
  const listeners = new Map<string, Listener>();
  const wishes = new Map<string, number | null>();
  let state = roomState(spec, id);
  const nobody = new Room();
  const files = new RoomFiles(memory.library, id);
  const changed = () => room.tell({ type: 'room', room: room.view() });
  const elements = new Elements({
    requireImage: (path, name) => files.require(path, name, 'image'),
    unixMs: () => Date.now(),
    changed,
  });
  const media = new Media({
    engine: { gain() {}, forgetGain() {}, play() {}, stopPlay() {} },
    find: (name) => files.find(name),
    unixMs: () => 0,
    changed,
    failed() {},
  });

  function enter(who: Identity): void {
    if (people.has(who.participant)) return;
    people.set(who.participant, participantView(who));
  }

  function find(participant: string): ParticipantView {
    const found = people.get(participant);
    if (!found) throw new RostrumError('no-such-participant', participant);
    return found;
  }

  function open(direction: MediaSession['direction'], who: Identity): MediaSession {
    enter(who);
    const session = memorySession(direction, who, (ended) => {
      sessions.delete(ended);
      memory.openSessions.delete(ended);
    });
    sessions.set(session.id, session);
    memory.openSessions.add(session.id);
    memory.opened++;
    return session;
  }

  const room: LiveRoom & { tell(event: RoomEvent): void } = {
    id,
    tell: (event) => {
      for (const each of listeners.values()) each(event);
    },
    view: () => ({
      ...roomView(
        id,
        state,
        {
          ...{ tiles: [], stageTiles: null, elements: elements.list(), media: media.list() },
          ...{ people: [], recordings: [], outputs: [] },
        },
        0,
      ),
      participants: people.size,
    }),
    patch({ spotlight, ...patch }) {
      state = patched(state, patch, nobody, (...required) => files.require(...required));
      if (spotlight !== undefined) state = { ...state, spotlight };
      changed();
      return room.view();
    },
    elements,
    media,
    files,
    participants: () => [...people.values()],
    patchParticipant(participant, patch) {
      const changed = { ...find(participant), ...JSON.parse(JSON.stringify(patch)) };
      people.set(participant, changed);
      return changed;
    },
    async removeParticipant(participant) {
      find(participant);
      people.delete(participant);
      removed.add(participant);
      listeners.get(participant)?.({ type: 'ended', reason: 'removed' });
    },
    admit(who) {
      if (removed.has(who.participant)) throw new RostrumError('unauthorized', 'this person was removed');
    },
    async record() {
      throw new RostrumError('cannot-record', 'no media here');
    },
    outputs: new RoomOutputs({
      ...{ room: id, privateHosts: 'off', soundKbps: 128, changed() {}, wallOffsetMs: () => 0 },
      feed: { width: 1280, height: 720, fps: 30, kbps: 2000, video: () => noTap, audio: () => noTap },
      ffmpeg: () => Promise.reject(new Error('no media here')),
      log: { info() {}, warn() {}, error() {} },
    }),
    async snapshot() {
      throw new RostrumError('cannot-mix', 'no media here');
    },
    async publish(who, kind, offer, loopback) {
      memory.lastOffer = { offer, loopback, kind, who };
      refuse(offer);
      await memory.publishing;
      return open('whip', who);
    },
    async subscribe(who, offer, loopback) {
      memory.lastOffer = { offer, loopback, kind: 'program', who };
      refuse(offer);
      return open('whep', who);
    },
    limit(participant, maxHeight) {
      find(participant);
      wishes.set(participant, maxHeight);
    },
    delivered: (participant) => ({
      renditions: [{ height: 720, kbps: 2000 }],
      maxHeight: wishes.get(participant) ?? null,
      sessions: [],
    }),
    session: (session) => sessions.get(session),
    join(who, each) {
      enter(who);
      listeners.set(who.participant, each);
      each({ type: 'participants', participants: [...people.values()] });
      return {
        participant: who.participant,
        leave() {
          if (listeners.get(who.participant) !== each) return;
          listeners.delete(who.participant);
          people.delete(who.participant);
        },
      };
    },
  };
  return room;
}

/** The offer says what the room is to make of it. */
function refuse(offer: string): void {
  if (offer.includes('a=refuse')) throw new RostrumError('sdp-refused', 'the offer says so');
  if (offer.includes('a=full')) throw new RostrumError('full', 'no place', 7);
  if (offer.includes('a=crash')) throw new Error('a fault of ours');
}

const noTap = { keyFrame() {}, close() {} };

let made = 0;

function memorySession(
  direction: MediaSession['direction'],
  who: Identity,
  onClose: (id: string) => void,
): MediaSession {
  made += 1;
  let generation = 1;
  const id = `session-${made}`;
  return {
    id,
    participant: who.participant,
    direction,
    answer: 'v=0\r\ns=answer\r\n',
    get etag() {
      return `"${id}-${generation}"`;
    },
    async patch(fragment) {
      if (!fragment.includes('a=ice-ufrag:new')) return { etag: `"${id}-${generation}"` };
      generation += 1;
      return { answerFragment: 'a=ice-ufrag:restarted\r\n', etag: `"${id}-${generation}"` };
    },
    close: async () => onClose(id),
  };
}

function participantView(who: Identity): ParticipantView {
  return {
    id: who.participant,
    name: who.name,
    title: '',
    role: who.role,
    audio: 'on',
    video: 'on',
    onStage: false,
    handRaised: false,
    speaking: false,
    levelDb: -127,
    volumeDb: 0,
    avOffsetMs: 0,
    connection: 'good',
    joinedAt: new Date(0).toISOString(),
  };
}
