import { AudioTrack } from './audio/audioTrack.ts';
import { SoundDesk } from './audio/desk.ts';
import { BLOCK_US } from './audio/format.ts';
import type { Channel } from './channel.ts';
import { nowUs, wallMs } from './clock.ts';
import { openMediaThread } from './media/mediaThread.ts';
import { Players } from './media/players.ts';
import type { AddTrack, Configure, StartEncoder, ToMixer } from './protocol/control.ts';
import { Source } from './source.ts';
import { roomStats } from './stats.ts';
import { Ticker } from './ticker.ts';
import { sourceKey } from './video/compositor.ts';
import { Programs } from './video/programs.ts';
import type { VideoTrack } from './video/videoTrack.ts';

/** While packets are missing, how often to look whether to ask for them or to give up. */
const POLL_MS = 5;
const LEVELS_US = 100_000;
const STATS_US = 1_000_000;

/** A room's media, the whole graph: tracks ▶ sources ▶ picture and mix ▶ renditions ▶ channel. */
export class Room {
  readonly #channel: Channel;
  readonly #maxPixels: number;
  readonly #picture: Programs;
  readonly #sound: SoundDesk;
  readonly #players: Players;
  #tracks = new Map<number, { track: AudioTrack | VideoTrack; source: Source }>();
  #sources = new Map<string, Source>();
  readonly #tickers: Ticker[];
  #pollTimer: NodeJS.Timeout | undefined;

  constructor(configure: Configure, channel: Channel) {
    this.#channel = channel;
    this.#maxPixels = configure.maxPixels;
    this.#sound = new SoundDesk(channel, nowUs);
    this.#picture = new Programs(configure.canvas, channel, {
      nowUs,
      wallMs,
      speaks: (source) => this.#sound.speaking(source, nowUs()),
    });
    this.#players = new Players({
      ...{ openThread: openMediaThread, canvas: configure.canvas, maxPixels: configure.maxPixels, nowUs },
      ...{ picture: this.#picture, sound: this.#sound, send: (message) => channel.send(message) },
    });
    const gather = (run: () => void) => channel.gather(run);
    this.#tickers = [
      new Ticker(BLOCK_US, (dueUs) => this.#sound.advance(dueUs), gather),
      new Ticker(1e6 / configure.canvas.fps, (dueUs) => this.#advancePicture(dueUs), gather),
      new Ticker(LEVELS_US, () => this.#tellLevels()),
      new Ticker(STATS_US, () => {
        this.#tellStats();
        this.#players.tick();
      }),
    ];
  }

  handle(message: ToMixer): void {
    switch (message.type) {
      case 'add-track':
        this.#addTrack(message);
        break;
      case 'remove-track':
        this.#removeTrack(message.track);
        break;
      case 'sender-report':
        this.#tracks.get(message.track)?.track.clock.noteReport(message.ntpUs, message.rtpTimestamp);
        break;
      case 'scene':
        this.#picture.setScene(message.scene, message.program);
        this.#sound.hear(message.program ?? 'program', message.scene.heard ?? null);
        this.#sound.place(message.program ?? 'program', message.scene.tiles);
        break;
      case 'asset':
        this.#picture.setAsset(message.asset, message.path);
        break;
      case 'play':
        this.#players.play(message);
        break;
      case 'stop-play':
        this.#players.stop(message.participant);
        break;
      case 'gain':
        this.#sound.setGain(message, message.muted ? 0 : 10 ** (message.volumeDb / 20));
        break;
      case 'forget-gain':
        this.#sound.forgetGain(message);
        break;
      case 'sound':
        this.#sound.set(message);
        break;
      case 'start-encoder':
        this.#startEncoder(message);
        break;
      case 'stop-encoder':
        this.#stopEncoder(message.encoder);
        break;
      case 'encoder-rate':
        this.#picture.setRate(message.encoder, message.kbps);
        break;
      case 'key-frame':
        this.#picture.requestKeyFrame(message.encoder);
        break;
      case 'key-frame-every':
        this.#picture.keyFrameEvery(message.encoder, message.intervalUs);
        break;
      case 'snapshot':
        this.#picture.requestSnapshot(message.request);
        break;
      case 'tap':
        this.#tap(message.encoder, message.on);
        break;
      case 'tap-track':
        this.#tapTrack(message.track, message.on);
        break;
    }
  }

  push(track: number, packet: Buffer, arrivalUs: number): void {
    const entry = this.#tracks.get(track);
    if (entry === undefined) return;
    entry.track.push(packet, arrivalUs);
    if (entry.source.video?.waiting) this.#pollTimer ??= this.#armPoll();
  }

  #addTrack(message: AddTrack): void {
    this.#removeTrack(message.track);
    const key = sourceKey(message);
    let source = this.#sources.get(key);
    if (source === undefined) {
      source = new Source(message.participant, message.kind);
      this.#sources.set(key, source);
    }
    const track = source.add(message, this.#maxPixels, (event) => this.#channel.send(event));
    if (track instanceof AudioTrack) this.#sound.join(source, track);
    else this.#picture.setTrack(key, track);
    this.#tracks.set(message.track, { track, source });
  }

  #removeTrack(number: number): void {
    const entry = this.#tracks.get(number);
    if (entry === undefined) return;
    this.#tracks.delete(number);
    const key = sourceKey(entry.source);
    if (entry.track === entry.source.video) this.#picture.dropTrack(key);
    if (entry.track === entry.source.audio) this.#sound.leave(entry.source);
    entry.source.remove(entry.track);
    if (entry.source.empty) this.#sources.delete(key);
  }

  #startEncoder(message: StartEncoder): void {
    if (message.media === 'video') {
      this.#picture.start(message.encoder, message);
      return;
    }
    this.#sound.start(message);
  }

  #stopEncoder(encoder: number): void {
    this.#picture.stop(encoder);
    this.#sound.stop(encoder);
  }

  #tap(encoder: number, on: boolean): void {
    if (!this.#sound.tap(encoder, on)) this.#picture.tap(encoder, on);
  }

  #tapTrack(number: number, on: boolean): void {
    const track = this.#tracks.get(number)?.track;
    if (track === undefined) return;
    track.tap = on ? (frame) => this.#channel.sendTrackFrame({ track: number, ...frame }) : undefined;
  }

  #advancePicture(dueUs: number): void {
    // Decoding may take longer than a block of sound lasts.
    const shiftUs = this.#picture.advance(dueUs, nowUs(), () => this.#tickers[0]!.runDue());
    this.#tickers[1]!.shift(shiftUs);
  }

  #armPoll(): NodeJS.Timeout {
    return setTimeout(() => this.#channel.gather(() => this.#poll()), POLL_MS);
  }

  #poll(): void {
    const now = nowUs();
    let waiting = false;
    for (const { video } of this.#sources.values()) {
      video?.poll(now);
      waiting ||= video?.waiting ?? false;
    }
    this.#pollTimer = waiting ? this.#armPoll() : undefined;
  }

  #tellLevels(): void {
    const sources = this.#sound.takeLevels(nowUs());
    if (sources.length > 0) this.#channel.send({ type: 'levels', sources });
  }

  #tellStats(): void {
    const [, pictureTicker] = this.#tickers;
    this.#channel.send(roomStats(pictureTicker!, this.#picture, this.#sound, [...this.#sources.values()]));
  }
}
