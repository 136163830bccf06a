import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { VideoEncoderSettings } from './encoder.ts';
import type { FromEncoderThread, ToEncoderThread } from './encoderWorker.ts';

export interface EncodedPicture {
  encoder: number;
  ptsUs: number;
  keyFrame: boolean;
  data: Buffer;
  encodeUs: number;
}

export interface EncoderThreadEvents {
  coded(picture: EncodedPicture): void;
  snapshot(request: number, jpeg: Buffer): void;
  /** This encoder does not exist, or exists no more. */
  failed(encoder: number, reason: string): void;
  /** The canvas may be drawn on again. */
  done(): void;
}

/**
 * All video encoders of a room, on a thread of their own, so that a slow one never delays sound. It
 * reads the canvas from shared memory: between `encode` and its end (`busy`) nobody may draw on it.
 */
export class EncoderThread {
  readonly #worker: Worker;
  busy = false;

  constructor(
    canvas: { memory: SharedArrayBuffer; width: number; height: number },
    events: EncoderThreadEvents,
  ) {
    this.#worker = new Worker(new URL(`./encoderWorker${extname(import.meta.url)}`, import.meta.url));
    this.#post({ type: 'canvas', ...canvas });
    this.#worker.on('message', (message: FromEncoderThread) => {
      if (message.type === 'done') {
        this.busy = false;
        events.done();
      } else if (message.type === 'failed') events.failed(message.encoder, message.reason);
      else if (message.type === 'coded') events.coded({ ...message, data: bufferOver(message.data) });
      else if (message.type === 'snapshot') events.snapshot(message.request, bufferOver(message.data));
    });
    // A thread that dies takes the mixer with it: the server replaces the whole process.
    this.#worker.on('error', (error) => {
      throw error;
    });
  }

  open(encoder: number, settings: VideoEncoderSettings): void {
    this.#post({ type: 'open', encoder, settings });
  }

  setRate(encoder: number, kbps: number): void {
    this.#post({ type: 'rate', encoder, kbps });
  }

  close(encoder: number): void {
    this.#post({ type: 'close', encoder });
  }

  /** @param snapshots numbers of requests for the canvas as a JPEG */
  encode(ptsUs: number, jobs: { encoder: number; keyFrame: boolean }[], snapshots: number[] = []): void {
    if (jobs.length + snapshots.length === 0) return;
    this.busy = true;
    this.#post({ type: 'encode', ptsUs, jobs, snapshots });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #post(message: ToEncoderThread): void {
    this.#worker.postMessage(message);
  }
}

const bufferOver = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
