import type { SourceLevel, VideoCodec } from '../../mixer/protocol/control.ts';
import type { Moment } from '../egress/bundle/feed.ts';
import type { Egress } from '../egress/egress.ts';
import type { RoomOutputs } from '../egress/outputs/roomOutputs.ts';
import { Engine } from '../engine/engine.ts';
import type { MixerPool } from '../engine/mixerPool.ts';
import { Supervisor } from '../engine/supervisor.ts';
import { Floor } from '../rooms/floor.ts';
import { Room } from '../rooms/room.ts';
import { Changing } from './changing.ts';
import type { RoomEvent, VideoSettings } from './contract.ts';
import type { DeliveryLine } from './deliveryLine.ts';
import { Economy } from './economy.ts';
import { Elements } from './elements.ts';
import { unforwardable } from './forwardable.ts';
import { Forwarded } from './forwarded.ts';
import { Forwarding } from './forwarding.ts';
import { Media } from './media.ts';
import { Members, type Told } from './members.ts';
import { MixerStatus } from './mixerStatus.ts';
import { createOutputs } from './outputs.ts';
import { Program } from './program.ts';
import { Publications } from './publications.ts';
import { Recordings } from './recordings.ts';
import { Renditions } from './renditions.ts';
import type { RoomFiles } from './roomFiles.ts';
import { Scenes } from './scenes.ts';
import type { LiveSettings } from './settings.ts';
import { Snapshot } from './snapshot.ts';
import { SoundMeter } from './soundMeter.ts';
import { Subscriptions } from './subscriptions.ts';
import { TrackTaps } from './trackTaps.ts';

export interface GraphParts {
  settings: LiveSettings;
  /** Where mixers come from. */
  pool: MixerPool;
  line: DeliveryLine;
  /** Null where nothing is written to disk. */
  egress: Egress | null;
  video: VideoSettings;
  files: RoomFiles;
}

/** What the graph tells the room it belongs to. */
export interface GraphEvents extends Told {
  /** Something changed that the picture, the sound or the members must follow. */
  changed(): void;
  /** A session of this person is over. */
  left(participant: string): void;
}

/**
 * The parts of one live room and how they are joined, from the speakers' packets to the viewers':
 *
 *     publications ─rtp─▶ engine ─media─▶ program ─▶ delivery ─▶ subscriptions
 *          ▲─nack, key frame─┘ ▲────────key frame───────┘
 *     program ─chunks─▶ recordings, outputs; publications ─tracks─▶ recordings
 *     room, elements, media ─▶ scenes ─▶ engine ─placed, levels, stats─▶ views ─▶ members
 */
export class Graph {
  readonly room = new Room();
  /** Pictures per second of the program. */
  readonly fps: number;
  readonly meter = new SoundMeter();
  readonly status = new MixerStatus();
  readonly scenes: Scenes;
  /** Null where speakers send what they like. */
  readonly economy: Economy | null;
  readonly elements: Elements;
  readonly media: Media;
  readonly engine: Engine;
  readonly program: Program;
  readonly renditions: Renditions;
  readonly forwarding: Forwarding;
  /** Who has the floor and who had it before. */
  readonly conversation = new Floor();
  readonly publications: Publications;
  readonly subscriptions: Subscriptions;
  readonly trackTaps: TrackTaps;
  /** What is shown, and who speaks. */
  readonly moments = new Changing<Moment>(noMoment);
  readonly floor = new Changing<string[]>([]);
  readonly recordings: Recordings;
  readonly outputs: RoomOutputs;
  readonly snapshot: Snapshot;
  readonly members: Members;

  constructor(id: string, { settings, pool, line, egress, video, files }: GraphParts, events: GraphEvents) {
    const { clock, engine, limits, log } = settings;
    const { width, height, fps, codec } = video;
    this.fps = fps;
    this.members = new Members(events, log);
    this.engine = new Engine(
      { canvas: { width, height, fps }, maxPixels: settings.maxPixels },
      new Supervisor({ room: id, pool, lingerMs: engine.lingerMs, log }),
      {
        placed: (tiles, program) => {
          this.scenes[program].placed(tiles);
          this.snapshot.placed();
          this.members.changed();
        },
        levels: (sources) => {
          if (this.forwarding.on) return;
          const passed = this.#heard(sources, clock.nowMs());
          if (passed || this.scenes.due(clock.nowMs())) events.changed();
        },
        playing: (playing) => {
          this.media.playing(playing);
          const detail = this.scenes.musicFailure(playing);
          if (detail) this.#tellHosts({ type: 'notice', code: 'media-failed', detail });
        },
        assetRefused: (asset, detail) =>
          this.#tellHosts({ type: 'notice', code: 'image-refused', detail: `${asset}: ${detail}` }),
        stats: (stats) => this.status.heard(stats),
        restarted: () => this.#mixerRestarted(),
        ended: () => this.#nothingMixed(),
      },
    );
    const { maxVideoKbps: maxKbps } = settings.rtc;
    this.economy = settings.senderEconomy ? new Economy({ fps, height, maxKbps, nowMs: clock.nowMs }) : null;
    this.elements = new Elements({
      requireImage: (path, name) => files.require(path, name, 'image'),
      unixMs: clock.unixMs,
      changed: () => events.changed(),
    });
    this.media = new Media({
      ...{ engine: this.engine, unixMs: clock.unixMs },
      find: (name) => files.find(name),
      changed: () => events.changed(),
      failed: ({ file, error = '' }) =>
        this.#tellHosts({ type: 'notice', code: 'media-failed', detail: `${file}: ${error}` }),
    });
    this.scenes = new Scenes({
      ...{ engine: this.engine, room: this.room, canvas: { width, height }, nowMs: clock.nowMs },
      elements: () => this.elements.list(),
      media: this.media,
      floor: () => this.conversation.order,
      pathOf: (name) => files.pathOf(name),
    });
    const renditions = new Renditions(id, video, settings.audioKbps);
    this.renditions = renditions;
    const { encoderLingerMs: lingerMs, encoderRetryMs: retryMs } = settings;
    const programOptions = { lingerMs, retryMs, nowMs: clock.nowMs };
    this.program = new Program(this.engine, line, programOptions, {
      failed: ({ source }, detail, pauseMs, isFirst) => {
        log.error({ room: id, source, detail, pauseMs }, 'an encoder failed and rests');
        if (isFirst)
          this.#tellHosts({ type: 'notice', code: 'encoder-failed', detail: `${source}: ${detail}` });
      },
      withheld: (sources) => {
        renditions.withhold(sources);
        events.changed();
      },
    });
    this.forwarding = new Forwarding(clock.nowMs, {
      levels: (sources) => {
        if (this.#heard(sources, clock.nowMs())) events.changed();
      },
      ended: () => events.changed(),
    });
    const forwardingParts = {
      ...{ room: id, line, createRelay: settings.createRelay, nowMs: clock.nowMs },
      maxVideoKbps: settings.rtc.maxVideoKbps,
      rateChanged: () => events.changed(),
    };
    this.trackTaps = new TrackTaps(() => events.changed());
    this.publications = new Publications({
      room: this.room,
      engine: this.engine,
      forward: (participant, kind, publisher) => {
        const reason = unforwardable(publisher.tracks);
        if (reason) this.#tellSpeaker(participant, 'picture-not-forwarded', reason);
        return new Forwarded(participant, kind, publisher, forwardingParts);
      },
      maxStage: limits.maxStage,
      nowMs: clock.nowMs,
      returned: () => events.changed(),
      notice: (participant, code, detail) => this.#tellSpeaker(participant, code, detail),
      level: (participant, kind, levelDb, atMs) =>
        this.forwarding.voices.heard(participant, kind, levelDb, atMs),
      frame: (stream, frame) => this.trackTaps.push(stream, frame),
      ended: ({ participant, kind }, reason) => {
        log.info({ room: id, participant, kind, reason }, 'publication ended');
        this.forwarding.voices.drop(participant, kind);
        if (!this.room.participants.get(participant)?.onStage) this.conversation.leave(participant);
        events.left(participant);
      },
    });
    this.subscriptions = new Subscriptions(limits.maxViewers, {
      line,
      program: this.program,
      renditions,
      prefer: [codec, otherThan(codec)],
      slotsChanged: ({ participant, id: session, slots }) =>
        this.members.tell(participant, { type: 'slots', session, slots }),
      ended: ({ participant }, reason) => {
        log.info({ room: id, participant, reason }, 'subscription ended');
        events.left(participant);
      },
    });
    this.snapshot = new Snapshot({
      make: () => this.engine.snapshot(),
      isDrawn: () => this.scenes.program.isDrawn,
      fadeMs: () => this.scenes.program.transitionMs,
      nowMs: clock.nowMs,
    });
    this.recordings = new Recordings({
      ...{ room: id, store: egress?.recordings ?? null, program: this.program, renditions, video },
      roomFeed: {
        tracks: (each) => this.trackTaps.open(each),
        moments: (each) => this.moments.tap(each),
        floor: (each) => this.floor.tap(each),
      },
      changed: () => {
        this.members.broadcast({ type: 'recordings', recordings: this.recordings.running() });
        events.changed();
      },
      failed: ({ reason }) =>
        this.#tellHosts({
          type: 'notice',
          code: 'recording-failed',
          detail: reason ?? 'the recording failed',
        }),
    });
    this.outputs = createOutputs({
      ...{ room: id, egress, program: this.program, renditions, video, settings },
      demanded: () => events.changed(),
      changed: () => {
        this.#tellHosts({ type: 'outputs', outputs: this.outputs.list() });
        this.members.changed();
      },
    });
  }

  /** Ends everything; resolves when the mixer's process is gone. */
  async close(reason: 'room-deleted' | 'shutting-down'): Promise<void> {
    this.members.close(reason);
    this.forwarding.close();
    this.snapshot.close();
    await Promise.all([this.recordings.cut(), this.outputs.close()]);
    this.publications.close();
    this.subscriptions.close();
    this.program.close();
    await this.engine.close();
    await this.recordings.finish();
  }

  /** Somebody is heard, or nobody any more. Returns true when the floor has passed to somebody. */
  #heard(sources: SourceLevel[], nowMs: number): boolean {
    const speaking = [...new Set(sources.filter((one) => one.speaking).map((one) => one.participant))];
    this.floor.note(speaking.sort());
    const levels = this.meter.measure(sources, nowMs);
    if (levels) this.members.broadcast({ type: 'levels', levels });
    // A shared screen does not take the floor, nor does who is only heard backstage.
    const voices = sources.filter(
      ({ participant, kind }) => kind === 'camera' && this.room.participants.get(participant)?.onStage,
    );
    return this.conversation.heard(voices, nowMs);
  }

  /** Programs that send by WHIP listen to no events: their hosts hear it instead. */
  #tellSpeaker(participant: string, code: string, detail: string): void {
    if (this.members.has(participant)) {
      this.members.notice(participant, code, detail);
      return;
    }
    const name = this.room.participants.get(participant)?.name ?? participant;
    this.#tellHosts({ type: 'notice', code, detail: `${name}: ${detail}` });
  }

  #tellHosts(event: RoomEvent): void {
    for (const { id, role } of this.room.participants.values()) {
      if (role === 'host' || role === 'co-host') this.members.tell(id, event);
    }
  }

  /** The new mixer was told everything; pictures need key frames, streams begin anew. */
  #mixerRestarted(): void {
    this.#nothingMixed();
    this.program.restarted();
    for (const publication of this.publications) publication.requestKeyFrame();
  }

  /** What a mixer said holds no longer. */
  #nothingMixed(): void {
    this.scenes.program.forget();
    this.scenes.stage.forget();
    this.meter.forget();
    this.status.forget();
    this.members.changed();
  }
}

const noMoment: Moment = {
  ...{ title: '', live: false, layout: '', spotlight: null, participants: [] },
  scene: { tiles: [], slate: { title: '', text: '' } },
};

const otherThan = (codec: VideoCodec): VideoCodec => (codec === 'vp8' ? 'h264' : 'vp8');
