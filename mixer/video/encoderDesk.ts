import { CanvasFrames } from './canvasFrames.ts';
import { type CodedPicture, VideoEncoder, type VideoEncoderSettings } from './encoder.ts';
import type { Planes } from './planes.ts';

/** Pictures in a row that an encoder may fail at before it is given up. */
const MAX_FAILURES = 30;

interface Seat {
  settings: VideoEncoderSettings;
  encoder: VideoEncoder;
  /** A rate that waits for a key frame, with which the encoder is opened anew. */
  nextKbps: number | undefined;
  failures: number;
}

export interface EncoderDeskEvents {
  coded(encoder: number, picture: CodedPicture): void;
  /** It could not be opened, or made nothing of many pictures: it is gone. */
  failed(encoder: number, reason: string): void;
}

/** All encoders of one canvas, by number, whatever their codec, size and rate. Synchronous. */
export class EncoderDesk {
  readonly #frames: CanvasFrames;
  readonly #events: EncoderDeskEvents;
  readonly #seats = new Map<number, Seat>();

  constructor(canvas: Planes, events: EncoderDeskEvents) {
    this.#frames = new CanvasFrames(canvas);
    this.#events = events;
  }

  open(number: number, settings: VideoEncoderSettings): void {
    this.close(number);
    try {
      const encoder = new VideoEncoder(settings);
      this.#seats.set(number, { settings, encoder, nextKbps: undefined, failures: 0 });
    } catch (error) {
      this.#events.failed(number, (error as Error).message);
    }
  }

  close(number: number): void {
    const seat = this.#seats.get(number);
    if (seat === undefined) return;
    this.#seats.delete(number);
    seat.encoder.close();
    this.#frames.keep([...this.#seats.values()].map(({ settings }) => settings));
  }

  /** H.264 follows at once, VP8 with its next key frame. */
  setRate(number: number, kbps: number): void {
    const seat = this.#seats.get(number);
    if (seat === undefined) return;
    if (seat.settings.codec === 'vp8') {
      seat.nextKbps = kbps;
    } else {
      seat.settings = { ...seat.settings, kbps };
      seat.encoder.setRate(kbps);
    }
  }

  /** The canvas as it stands now, for each of these encoders. */
  encode(jobs: { encoder: number; keyFrame: boolean }[]): void {
    this.#frames.next();
    for (const { encoder, keyFrame } of jobs) {
      const seat = this.#seats.get(encoder);
      if (seat !== undefined) this.#encode(encoder, seat, keyFrame);
    }
  }

  closeAll(): void {
    for (const number of [...this.#seats.keys()]) this.close(number);
    this.#frames.close();
  }

  #encode(number: number, seat: Seat, keyFrame: boolean): void {
    try {
      if (keyFrame && seat.nextKbps !== undefined) reopen(seat, seat.nextKbps);
      const pictures = seat.encoder.encode(this.#frames.take(seat.settings), keyFrame);
      for (const picture of pictures) this.#events.coded(number, picture);
      seat.failures = 0;
    } catch (error) {
      if (++seat.failures < MAX_FAILURES) return;
      this.close(number);
      this.#events.failed(number, (error as Error).message);
    }
  }
}

/** @throws Error when libav refuses; the encoder before stays then. */
function reopen(seat: Seat, kbps: number): void {
  seat.nextKbps = undefined;
  const settings = { ...seat.settings, kbps };
  const encoder = new VideoEncoder(settings);
  seat.encoder.close();
  seat.encoder = encoder;
  seat.settings = settings;
}
