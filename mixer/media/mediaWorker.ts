import { parentPort } from 'node:worker_threads';
import { nowUs } from '../clock.ts';
import { MediaDesk, type ToMediaThread } from './mediaDesk.ts';

/** Between two looks at what has been asked. */
const SLICE_US = 10_000;

const port = parentPort!;
const desk = new MediaDesk((message) =>
  port.postMessage(message, message.type === 'sound' ? [message.samples.buffer as ArrayBuffer] : []),
);
let isScheduled = false;

function work(): void {
  isScheduled = false;
  const untilUs = nowUs() + SLICE_US;
  let isMore = true;
  while (isMore && nowUs() < untilUs) isMore = desk.work();
  if (isMore) schedule();
}

function schedule(): void {
  if (isScheduled) return;
  isScheduled = true;
  setImmediate(work);
}

port.on('message', (message: ToMediaThread) => {
  desk.handle(message);
  schedule();
});
