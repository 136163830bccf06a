import { parentPort } from 'node:worker_threads';
import { nowUs } from '../clock.ts';
import { VideoEncoder, type VideoEncoderSettings } from './encoder.ts';
import { type Planes, planesOver } from './planes.ts';
import { jpegOf } from './snapshot.ts';

/** What the mixer's main thread asks of the encoder thread; see `encoderThread.ts`. */
export type ToEncoderThread =
  | { type: 'canvas'; memory: SharedArrayBuffer; width: number; height: number }
  | { type: 'open'; encoder: number; settings: VideoEncoderSettings }
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
const encoders = new Map<number, VideoEncoder>();
let canvas: Planes | undefined;

const post = (message: FromEncoderThread, transfer: ArrayBuffer[] = []) =>
  port.postMessage(message, transfer);

function encode(ptsUs: number, encoder: number, keyFrame: boolean): void {
  const context = encoders.get(encoder);
  if (context === undefined || canvas === undefined) return;
  const startedUs = nowUs();
  for (const picture of context.encode(canvas, keyFrame)) {
    const data = new Uint8Array(picture.data);
    const encodeUs = nowUs() - startedUs;
    post({ type: 'coded', encoder, ptsUs, keyFrame: picture.keyFrame, data, encodeUs }, [data.buffer]);
  }
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

function open(encoder: number, settings: VideoEncoderSettings): void {
  try {
    encoders.set(encoder, new VideoEncoder(settings));
  } catch (error) {
    post({ type: 'failed', encoder, reason: (error as Error).message });
  }
}

port.on('message', (message: ToEncoderThread) => {
  if (message.type === 'canvas') {
    canvas = planesOver(message.memory, message);
  } else if (message.type === 'open') {
    open(message.encoder, message.settings);
  } else if (message.type === 'close') {
    encoders.get(message.encoder)?.close();
    encoders.delete(message.encoder);
  } else {
    for (const { encoder, keyFrame } of message.jobs) encode(message.ptsUs, encoder, keyFrame);
    if (message.snapshots.length > 0) photograph(message.snapshots);
    post({ type: 'done' });
  }
});
post({ type: 'ready' });
