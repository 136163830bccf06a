import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FromMediaThread, ToMediaThread } from './mediaDesk.ts';

/** JavaScript's share of one thread: pictures and libav's memory are not in it. */
const MAX_HEAP_MB = 64;

/** A thread that decodes one file. */
export interface MediaThread {
  post(message: ToMediaThread): void;
  /** Nothing is heard of it any more. */
  close(): void;
}

export type OpenMediaThread = (heard: (message: FromMediaThread) => void) => MediaThread;

/** What happens to it happens to its file only: a thread that dies is a file that cannot be played. */
export const openMediaThread: OpenMediaThread = (heard) => {
  const url = new URL(`./mediaWorker${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(url, { resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB } });
  let closed = false;
  const tell = (message: FromMediaThread) => {
    if (!closed) heard(message);
  };
  worker.on('message', tell);
  worker.on('error', (error) => tell({ type: 'failed', detail: `decoding ended: ${error.message}` }));
  worker.on('exit', () => tell({ type: 'failed', detail: 'decoding ended' }));
  return {
    post: (message) => {
      if (!closed) worker.postMessage(message);
    },
    close: () => {
      if (closed) return;
      closed = true;
      // One that is inside libav ends when it comes out.
      void worker.terminate();
    },
  };
};
