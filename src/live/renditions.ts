import type { ProgramName, VideoCodec } from '../../mixer/protocol/control.ts';
import type { EncoderSpec } from '../engine/engine.ts';
import type { Feed } from '../rtc/contract.ts';
import type { VideoSettings } from './contract.ts';
import { type LadderStep, ladder } from './ladder.ts';

/** One stream of a room's program: its name in the delivery and how it is encoded. */
export interface Rendition {
  source: string;
  spec: EncoderSpec;
}

type PictureRendition = Rendition & { spec: Extract<EncoderSpec, { media: 'video' }> };

/** What is heard of a program: the ordinary sound, and the same for viewers whose network loses packets. */
export interface Sounds {
  usual: Rendition;
  lossy: Rendition;
}

const codecs = ['vp8', 'h264'] as const satisfies VideoCodec[];
const programs = ['program', 'stage'] as const satisfies ProgramName[];

/** The loss that error correction is made for, in percent: what still leaves most of the rate to the sound. */
const LOSS_PERCENT = 10;

/** What a room can be asked for. */
export class Renditions {
  readonly #room: string;
  readonly #steps: LadderStep[];
  readonly #audioKbps: number;
  #withheld: ReadonlySet<string> = new Set();
  /** The same ones until something changes: with many viewers they are compared often. */
  #feeds: Record<ProgramName, Feed>;

  constructor(room: string, video: VideoSettings, audioKbps: number) {
    this.#room = room;
    this.#steps = ladder(video);
    this.#audioKbps = audioKbps;
    this.#feeds = this.#makeFeeds();
  }

  /** Best first. */
  get sizes(): { height: number; kbps: number }[] {
    return this.#steps.map(({ height, kbps }) => ({ height, kbps }));
  }

  /** The program's picture in its own size. */
  picture(codec: VideoCodec, program: ProgramName = 'program'): PictureRendition {
    return this.#pictures(codec, program)[0]!;
  }

  /** What a viewer can be sent: each codec in all sizes that can be had. */
  feed(program: ProgramName = 'program'): Feed {
    return this.#feeds[program];
  }

  /** Leaves these sources out of the feeds: they cannot be had for now. */
  withhold(sources: ReadonlySet<string>): void {
    this.#withheld = sources;
    this.#feeds = this.#makeFeeds();
  }

  /** These codecs in their order, those last of which nothing can be had for now. */
  order(preferred: readonly VideoCodec[]): VideoCodec[] {
    const hasAny = (codec: VideoCodec): boolean => (this.#feeds.program[codec] ?? []).length > 0;
    return [...preferred.filter(hasAny), ...preferred.filter((codec) => !hasAny(codec))];
  }

  /** The picture rendition of this source name. */
  named(source: string): Rendition | undefined {
    return programs
      .flatMap((program) => codecs.flatMap((codec) => this.#pictures(codec, program)))
      .find((one) => one.source === source);
  }

  /** The sound for everybody, or for somebody who shall not hear themselves. */
  sound(without?: string, program: ProgramName = 'program'): Rendition {
    const spec = { media: 'audio', codec: 'opus', kbps: this.#audioKbps, ...named(program) } as const;
    const of = program === 'program' ? '' : `${program}/`;
    if (without === undefined) return { source: `${this.#room}/${of || 'program/'}opus`, spec };
    return { source: `${this.#room}/${of}minus/${without}`, spec: { ...spec, without } };
  }

  /** The same sound in both ways of coding it. */
  sounds(without?: string, program: ProgramName = 'program'): Sounds {
    const usual = this.sound(without, program);
    const spec = { ...usual.spec, fecLossPercent: LOSS_PERCENT };
    return { usual, lossy: { source: `${usual.source}/lossy`, spec } };
  }

  #makeFeeds(): Record<ProgramName, Feed> {
    return { program: this.#makeFeed('program'), stage: this.#makeFeed('stage') };
  }

  #makeFeed(program: ProgramName): Feed {
    const rungs = (codec: VideoCodec) =>
      this.#pictures(codec, program)
        .filter(({ source }) => !this.#withheld.has(source))
        .map(({ source, spec: { height, kbps } }) => ({ source, height, kbps }));
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
