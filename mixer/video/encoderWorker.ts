import { readlinkSync } from 'node:fs';
import { availableParallelism, setPriority } from 'node:os';
import { basename } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { nowUs } from '../clock.ts';
import type { CodedPicture, VideoEncoderSettings } from './encoder.ts';
import { EncoderDesk } from './encoderDesk.ts';
import { type Planes, planesOver } from './planes.ts';
import { jpegOf } from './snapshot.ts';

/** What the mixer's main thread asks of the encoder thread; see `encoderThread.ts`. */
export type ToEncoderThread =
  | { type: 'canvas'; memory: SharedArrayBuffer; width: number; height: number }
  | { type: 'open'; encoder: number; settings: VideoEncoderSettings }
  | { type: 'rate'; encoder: number; kbps: number }
  | { type: 'close'; encoder: number }
  /** Encodes the canvas as it stands now, for each encoder named. */
  | {
      type: 'encode';
      ptsUs: number;
      jobs: { encoder: number; keyFrame: boolean }[];
      /** Requests for the same canvas as a JPEG. */
      snapshots: number[];
    };

export type FromEncoderThread =
  | { type: 'ready' }
  | { type: 'coded'; encoder: number; ptsUs: number; keyFrame: boolean; data: Uint8Array; encodeUs: number }
  | { type: 'snapshot'; request: number; data: Uint8Array }
  | { type: 'failed'; encoder: number; reason: string }
  /** The canvas may be drawn on again. */
  | { type: 'done' };

const port = parentPort!;
let canvas: Planes | undefined;
let desk: EncoderDesk | undefined;
let ptsUs = 0;
let lastUs = 0;

/**
 * By how much encoding gives way to sound and to the next picture where processors are short: more would cost
 * pictures wherever other programs are busy, too. A mixer with one processor has nowhere else to draw.
 */
const NICENESS = availableParallelism() > 1 ? 2 : 5;

/** On Linux a thread has a priority of its own: setpriority(2), "C library/kernel differences". */
function giveWay(): void {
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), NICENESS);
  } catch {
    // Elsewhere all threads are equal.
  }
}

const post = (message: FromEncoderThread, transfer: ArrayBuffer[] = []) =>
  port.postMessage(message, transfer);

function tell(encoder: number, picture: CodedPicture): void {
  const data = new Uint8Array(picture.data);
  const now = nowUs();
  const encodeUs = now - lastUs;
  lastUs = now;
  post({ type: 'coded', encoder, ptsUs, keyFrame: picture.keyFrame, data, encodeUs }, [data.buffer]);
}

/** A picture that cannot be made is not worth a mixer: nobody gets an answer then. */
function photograph(requests: number[]): void {
  if (canvas === undefined) return;
  try {
    const jpeg = jpegOf(canvas);
    for (const request of requests) post({ type: 'snapshot', request, data: new Uint8Array(jpeg) });
  } catch (error) {
    console.error((error as Error).message);
  }
}

function encode(message: Extract<ToEncoderThread, { type: 'encode' }>): void {
  ptsUs = message.ptsUs;
  lastUs = nowUs();
  desk?.encode(message.jobs);
  if (message.snapshots.length > 0) photograph(message.snapshots);
  post({ type: 'done' });
}

port.on('message', (message: ToEncoderThread) => {
  switch (message.type) {
    case 'canvas':
      canvas = planesOver(message.memory, message);
      desk = new EncoderDesk(canvas, {
        coded: tell,
        failed: (encoder, reason) => post({ type: 'failed', encoder, reason }),
      });
      break;
    case 'open':
      desk?.open(message.encoder, message.settings);
      break;
    case 'rate':
      desk?.setRate(message.encoder, message.kbps);
      break;
    case 'close':
      desk?.close(message.encoder);
      break;
    case 'encode':
      encode(message);
      break;
  }
});
giveWay();
post({ type: 'ready' });
