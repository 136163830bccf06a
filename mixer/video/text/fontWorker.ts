import { parentPort } from 'node:worker_threads';
import { createCanvas } from '@napi-rs/canvas';
import { fontFor } from './fonts.ts';

/** Opens what a text needs and draws it once: all that takes time is done then, for the whole process. */

const context = createCanvas(64, 64).getContext('2d');

parentPort!.on('message', (text: string) => {
  for (const weight of [600, 700] as const) {
    context.font = fontFor(text, weight, 20);
    context.fillText(text, 0, 32);
  }
  parentPort!.postMessage(text);
});
