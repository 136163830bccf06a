import type { ProgramName, VideoCodec } from '../../mixer/protocol/control.ts';
import type { Chunk } from '../../mixer/protocol/framing.ts';
import type { EncoderSpec, Engine } from '../engine/engine.ts';
import type { Feed } from '../rtc/contract.ts';
import type { VideoSettings } from './contract.ts';
import type { DeliveryLine } from './deliveryLine.ts';
import { type LadderStep, ladder } from './ladder.ts';

/** One stream of a room's program: its name in the delivery and how it is encoded. */
export interface Rendition {
  source: string;
  spec: EncoderSpec;
}

type PictureRendition = Rendition & { spec: Extract<EncoderSpec, { media: 'video' }> };

interface Listener {
  each(chunk: Chunk): void;
  keyFrameEveryUs: number;
}

interface Running {
  rendition: Rendition;
  encoder: number;
  consumers: number;
  readonly taps: Set<Listener>;
  /** Longest time between key frames that was told to the mixer, 0 for none. */
  keyFrameEveryUs: number;
  ending: NodeJS.Timeout | undefined;
}

/** Coded chunks of one rendition, for those who write files and streams. */
export interface Tap {
  /** Asks for a key frame; requests of all consumers coalesce. */
  keyFrame(): void;
  /** No chunk comes any more; twice is the same as once. */
  close(): void;
}

/** What a room can be asked for. */
export class Renditions {
  readonly #room: string;
  readonly #steps: LadderStep[];
  readonly #audioKbps: number;
  /** Always the same ones: with many viewers they are compared often. */
  readonly #feeds: Record<ProgramName, Feed>;

  constructor(room: string, video: VideoSettings, audioKbps: number) {
    this.#room = room;
    this.#steps = ladder(video);
    this.#audioKbps = audioKbps;
    this.#feeds = { program: this.#makeFeed('program'), stage: this.#makeFeed('stage') };
  }

  /** Best first. */
  get sizes(): { height: number; kbps: number }[] {
    return this.#steps.map(({ height, kbps }) => ({ height, kbps }));
  }

  /** The program's picture in its own size. */
  picture(codec: VideoCodec, program: ProgramName = 'program'): PictureRendition {
    return this.#pictures(codec, program)[0]!;
  }

  /** What a viewer can be sent: each codec in all sizes. */
  feed(program: ProgramName = 'program'): Feed {
    return this.#feeds[program];
  }

  /** The picture rendition of this source name. */
  named(source: string): Rendition | undefined {
    return (['program', 'stage'] as const)
      .flatMap((program) => [...this.#pictures('vp8', program), ...this.#pictures('h264', program)])
      .find((one) => one.source === source);
  }

  /** The sound for everybody, or for somebody who shall not hear themselves. */
  sound(without?: string, program: ProgramName = 'program'): Rendition {
    const spec = { media: 'audio', codec: 'opus', kbps: this.#audioKbps, ...named(program) } as const;
    const of = program === 'program' ? '' : `${program}/`;
    if (without === undefined) return { source: `${this.#room}/${of || 'program/'}opus`, spec };
    return { source: `${this.#room}/${of}minus/${without}`, spec: { ...spec, without } };
  }

  #makeFeed(program: ProgramName): Feed {
    const rungs = (codec: VideoCodec) =>
      this.#pictures(codec, program).map(({ source, spec: { height, kbps } }) => ({ source, height, kbps }));
    return { vp8: rungs('vp8'), h264: rungs('h264') };
  }

  /** Best first; the names of the smaller ones say their height. */
  #pictures(codec: VideoCodec, program: ProgramName): PictureRendition[] {
    return this.#steps.map((step, index) => ({
      source: `${this.#room}/${program}/${codec}${index === 0 ? '' : `/${step.height}`}`,
      spec: { media: 'video', codec, ...step, ...named(program) },
    }));
  }
}

/** The first program goes without saying. */
const named = (program: ProgramName): { program?: ProgramName } => (program === 'program' ? {} : { program });

/**
 * The encoders of a room's program: each runs while somebody uses its rendition, and a little longer,
 * so that a reload or a change of mind does not restart it.
 */
export class Program {
  readonly #engine: Engine;
  readonly #line: DeliveryLine;
  readonly #lingerMs: number;
  readonly #running = new Map<string, Running>();

  constructor(engine: Engine, line: DeliveryLine, lingerMs: number) {
    this.#engine = engine;
    this.#line = line;
    this.#lingerMs = lingerMs;
  }

  /** Encoders that run now. */
  count(media: 'audio' | 'video'): number {
    return [...this.#running.values()].filter(({ rendition }) => rendition.spec.media === media).length;
  }

  /** Makes sure the rendition is encoded. Returns its own undo, which may be called twice. */
  use(rendition: Rendition): () => void {
    const running = this.#running.get(rendition.source) ?? this.#start(rendition);
    running.consumers++;
    clearTimeout(running.ending);
    let used = true;
    return () => {
      if (used) this.#unuse(running);
      used = false;
    };
  }

  /**
   * Makes sure the rendition is encoded and hands its coded chunks to `each`, even while no
   * viewer watches. A picture rendition begins with whatever comes next: ask for a key frame.
   * @param keyFrameEveryUs a key frame at each multiple of this; the shortest that is asked for counts
   */
  tap(rendition: Rendition, each: (chunk: Chunk) => void, keyFrameEveryUs = 0): Tap {
    const release = this.use(rendition);
    const running = this.#running.get(rendition.source)!;
    const { encoder, taps } = running;
    // A listener of its own, so that one who taps twice hears twice.
    const listener = { each, keyFrameEveryUs };
    if (taps.size === 0) this.#engine.tap(encoder, true);
    taps.add(listener);
    this.#paceKeyFrames(running);
    return {
      keyFrame: () => this.#engine.keyFrame(encoder),
      close: () => {
        if (!taps.delete(listener)) return;
        if (taps.size === 0) this.#engine.tap(encoder, false);
        this.#paceKeyFrames(running);
        release();
      },
    };
  }

  /** True while anybody takes chunks: the mixer is needed then, viewers or not. */
  get tapped(): boolean {
    return [...this.#running.values()].some(({ taps }) => taps.size > 0);
  }

  /** Another mixer encodes from now on. */
  restarted(): void {
    for (const source of this.#running.keys()) this.#line.restartSource(source);
  }

  close(): void {
    for (const running of this.#running.values()) this.#stop(running);
  }

  #start(rendition: Rendition): Running {
    const { source, spec } = rendition;
    const taps: Running['taps'] = new Set();
    const encoder = this.#engine.startEncoder(spec, {
      media: (picture) => this.#line.media(source, picture),
      chunk: (chunk) => {
        for (const { each } of taps) each(chunk);
      },
    });
    const running: Running = {
      rendition,
      encoder,
      consumers: 0,
      taps,
      keyFrameEveryUs: 0,
      ending: undefined,
    };
    this.#running.set(source, running);
    this.#line.addSource({ source, media: spec.media, codec: spec.codec }, () =>
      this.#engine.keyFrame(encoder),
    );
    return running;
  }

  #paceKeyFrames(running: Running): void {
    const asked = [...running.taps].map(({ keyFrameEveryUs }) => keyFrameEveryUs).filter((us) => us > 0);
    const shortestUs = asked.length === 0 ? 0 : Math.min(...asked);
    if (shortestUs === running.keyFrameEveryUs) return;
    running.keyFrameEveryUs = shortestUs;
    this.#engine.keyFrameEvery(running.encoder, shortestUs);
  }

  #unuse(running: Running): void {
    if (--running.consumers > 0) return;
    running.ending = setTimeout(() => this.#stop(running), this.#lingerMs);
    running.ending.unref();
  }

  #stop(running: Running): void {
    clearTimeout(running.ending);
    if (!this.#running.delete(running.rendition.source)) return;
    this.#engine.stopEncoder(running.encoder);
    this.#line.removeSource(running.rendition.source);
  }
}
