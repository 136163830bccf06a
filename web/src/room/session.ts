import type { ParticipantView, RoomView, RunningRecording } from '../../../src/live/contract.ts';
import type { Answers, ServerEvent } from '../../../src/signaling/messages.ts';
import type { Problem } from '../media/problem.ts';
import { canShareScreen } from '../media/screenCapture.ts';
import { isInSight, onSight } from '../media/sight.ts';
import { keepAwake } from '../media/wakeLock.ts';
import { Channel } from '../signaling/channel.ts';
import { createStore, type Store } from '../state/store.ts';
import type { Claims } from '../token.ts';
import { Audience } from './audience.ts';
import { floorAfter } from './galleryTiles.ts';
import { Library } from './library.ts';
import { Notices } from './notices.ts';
import { Quality } from './quality.ts';
import { Rundown } from './rundown.ts';
import { ScreenShare } from './screenShare.ts';
import { ServerClock } from './serverClock.ts';
import { Speaker } from './speaker.ts';
import { stageChanges } from './stageChanges.ts';
import { type Ending, initialState, type RoomState } from './state.ts';

export interface SessionOptions {
  room: string;
  token: string;
  claims: Claims;
  /** Where the server is, such as `https://host:port`. */
  origin: string;
}

/**
 * One person in one room: the whole graph of the page. The channel joins at once, so that the lobby
 * knows the room and a link that does not work says so; media starts with `enter()`.
 */
export class RoomSession {
  readonly store: Store<RoomState> = createStore(initialState);
  readonly claims: Claims;
  readonly notices = new Notices(this.store);
  /** Null for those who only watch. */
  readonly speaker: Speaker | null;
  /** Null where there is no screen to share, or nobody who may. */
  readonly share: ScreenShare | null;
  readonly quality: Quality;
  readonly channel: Channel;
  /** For hosts: files of the room, and graphics that are ready. */
  readonly library: Library;
  readonly rundown: Rundown;
  readonly audience: Audience;
  readonly clock = new ServerClock();
  #iceServers: RTCIceServer[] = [];
  #letSleep: (() => void) | null = null;
  #closed = false;

  constructor({ room, token, claims, origin }: SessionOptions) {
    this.claims = claims;
    const at = (kind: string) => `${origin}/${kind}/${encodeURIComponent(room)}`;
    const common = { token, iceServers: () => this.#iceServers };
    this.audience = new Audience({ ...common, endpoint: at('whep') }, (program, programProblem) =>
      this.#media({ program, programProblem }, programProblem),
    );
    this.speaker =
      claims.role === 'viewer'
        ? null
        : new Speaker({
            ...common,
            endpoint: `${at('whip')}?source=camera`,
            notices: this.notices,
            changed: (upload, uploadProblem) => this.#media({ upload, uploadProblem }, uploadProblem),
            tell: (state) => this.channel.request('state', state),
          });
    const whip = { ...common, endpoint: `${at('whip')}?source=screen`, notices: this.notices };
    this.share = this.speaker && canShareScreen() ? new ScreenShare(whip) : null;
    this.quality = new Quality({
      tell: (maxHeight) => this.channel.request('set-quality', { maxHeight }),
      ask: () => this.channel.request('delivery', {}),
      ...{ isSeen: isInSight, onSight },
    });
    this.channel = new Channel(`${origin.replace(/^http/, 'ws')}/ws`, token, {
      joined: (answer) => this.#joined(answer),
      event: (event) => this.#event(event),
      lost: () => this.store.set({ channel: this.store.get().room ? 'reconnecting' : 'connecting' }),
      refused: (refusal) => this.#end('refused', refusal),
    });
    this.library = new Library(this.channel);
    this.rundown = new Rundown(room);
    addEventListener('online', this.#backOnline);
    addEventListener('pagehide', this.#pageHidden);
  }

  get isHost(): boolean {
    const role = this.store.get().you?.role ?? this.claims.role;
    return role === 'host' || role === 'co-host';
  }

  /** Connections for statistics. */
  get connections(): { program: RTCPeerConnection | null; upload: RTCPeerConnection | null } {
    return { program: this.audience.connection, upload: this.speaker?.connection ?? null };
  }

  /** Goes on stage, or starts to watch. */
  enter(): void {
    if (this.store.get().phase !== 'lobby') return;
    this.store.set({ phase: 'live' });
    this.speaker?.goLive();
    this.audience.start();
    this.quality.start();
    this.#letSleep = keepAwake();
  }

  leave(): void {
    this.#end('left');
  }

  /** The person does not want to wait for the next attempt. */
  retryNow(): void {
    this.channel.retryNow();
    this.audience.start();
    this.audience.retryNow();
    this.speaker?.retry();
    this.share?.retryNow();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    removeEventListener('online', this.#backOnline);
    removeEventListener('pagehide', this.#pageHidden);
    this.#letSleep?.();
    this.notices.close();
    this.quality.close();
    this.library.close();
    this.share?.close();
    this.speaker?.close();
    this.audience.close();
    this.channel.close();
  }

  #joined({ you, room, participants, iceServers, nowMs }: Answers['join']): void {
    this.clock.hear(nowMs);
    this.#iceServers = iceServers as RTCIceServer[];
    const back = this.store.get().channel === 'reconnecting';
    this.store.set({ channel: 'open', restarting: false, you, room });
    // Those that run are told right after this.
    if (room.recordings.length === 0) this.store.set({ recordings: [] });
    if (room.outputs.length === 0) this.store.set({ outputs: [] });
    if (back) this.store.set({ announcement: 'Reconnected.' });
    this.audience.follow(room, this.claims.participant);
    this.#people(participants);
    this.speaker?.rejoined();
    this.share?.retryNow();
    void this.#recall();
    if (this.store.get().phase !== 'live') return;
    if (back && this.audience.state === 'refused') this.audience.start();
    else this.audience.retryNow();
  }

  /** What the server knows of this person's wishes, which it may have forgotten. */
  async #recall(): Promise<void> {
    const delivery = await this.quality.look();
    if (delivery) this.quality.rejoined(delivery.maxHeight);
  }

  #event(event: ServerEvent): void {
    switch (event.type) {
      case 'room':
        this.#room(event.room);
        break;
      case 'participants':
        this.#people(event.participants);
        break;
      case 'levels':
        this.store.set({
          levels: Object.fromEntries(event.levels.map((level) => [level.participant, level])),
          floor: floorAfter(this.store.get().floor, event.levels),
        });
        break;
      case 'send':
        if (event.kind === 'camera') this.speaker?.need(event);
        else if (event.kind === 'screen') this.share?.need(event);
        break;
      case 'slots':
        this.audience.told(event.session, event.slots);
        break;
      case 'recordings':
        this.#recordings(event.recordings);
        break;
      case 'outputs':
        this.store.set({ outputs: event.outputs });
        break;
      case 'notice':
        this.notices.show({ topic: event.code, tone: 'warning', title: event.detail });
        break;
      case 'ended':
        if (event.reason === 'shutting-down') this.store.set({ restarting: true });
        else this.#end(event.reason);
    }
  }

  #recordings(recordings: RunningRecording[]): void {
    const before = this.store.get().recordings.length;
    this.store.set({ recordings, recordingsHeardAtMs: performance.now() });
    if (before === 0 && recordings.length > 0)
      this.store.set({ announcement: 'This webinar is being recorded.' });
    if (before > 0 && recordings.length === 0) this.store.set({ announcement: 'The recording has ended.' });
  }

  #room(room: RoomView): void {
    const before = this.store.get().room;
    this.store.set({ room });
    this.audience.follow(room, this.claims.participant);
    if (before && room.live && !before.live) this.store.set({ announcement: 'The webinar has started.' });
  }

  #people(people: ParticipantView[]): void {
    const before = this.store.get();
    const me = this.claims.participant;
    const you = people.find(({ id }) => id === me) ?? before.you;
    const changes = before.people.length > 0 ? stageChanges(before.people, people, me) : [];
    this.store.set({ people, you, ...(changes.length > 0 && { announcement: changes.join(' ') }) });
    if (you) this.speaker?.heard(you);
  }

  /** Follows a media connection; when the server refuses it for good, the channel learns why. */
  #media(patch: Partial<RoomState>, problem: Problem | null): void {
    if (this.#closed) return;
    this.store.set(patch);
    if (patch.program === 'reconnecting' && problem) {
      this.store.set({ announcement: 'The connection was lost. Reconnecting.' });
    }
    if (patch.upload && problem?.status) this.#uploadRefused(problem);
    if (patch.upload === 'connected') this.notices.clear('upload');
    if (problem?.status === 401 || problem?.status === 404) this.channel.renew();
  }

  /** The server's reason why one is not on stage, until one is. */
  #uploadRefused({ title, detail }: Problem): void {
    const told = this.store.get().notices.find(({ topic }) => topic === 'upload');
    if (told?.title === title && told.detail === detail) return;
    const action = { does: 'retry-upload', label: 'Try again' } as const;
    this.notices.show({ topic: 'upload', tone: 'error', title, detail, action });
  }

  #end(ending: Ending, refusal: Problem | null = null): void {
    if (this.store.get().phase === 'over') return;
    this.close();
    this.store.set({ phase: 'over', ending, refusal, program: 'idle', upload: 'idle' });
  }

  readonly #backOnline = (): void => {
    this.channel.renew();
    this.retryNow();
  };

  /** Frees the tile at once. A page that comes back from the browser's cache starts anew. */
  readonly #pageHidden = (): void => {
    this.close();
    addEventListener('pageshow', (event) => event.persisted && location.reload(), { once: true });
  };
}
