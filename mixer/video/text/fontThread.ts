import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { isOpen, noteOpened } from './fonts.ts';

/** Whether a text can be drawn without waiting for its fonts. */
export interface Fonts {
  ready(text: string): boolean;
}

/**
 * Opens fonts on a thread of its own: the first letters of a script take up to 50 ms, in which neither
 * sound nor pictures would be mixed. It is started by the first text that needs it.
 */
export class FontThread implements Fonts {
  #worker: Worker | undefined;
  readonly #asked = new Set<string>();
  /** Without the thread, whoever draws opens them. */
  #broken = false;

  /** False while they are being opened: ask again. */
  ready(text: string): boolean {
    if (this.#broken || isOpen(text)) return true;
    if (!this.#asked.has(text)) {
      this.#asked.add(text);
      this.#worker ??= this.#start();
      this.#worker.postMessage(text);
    }
    return false;
  }

  async close(): Promise<void> {
    this.#broken = true;
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(new URL(`./fontWorker${extname(import.meta.url)}`, import.meta.url));
    worker.unref();
    worker.on('message', (text: string) => {
      noteOpened(text);
      this.#asked.delete(text);
    });
    worker.on('error', (error) => {
      console.error(`fonts: ${error.message}`);
      this.#broken = true;
    });
    return worker;
  }
}
