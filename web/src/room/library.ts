import type { LibraryFile } from '../../../src/live/contract.ts';
import { Problem } from '../media/problem.ts';
import { upload, uploadName } from '../media/upload.ts';
import type { Channel } from '../signaling/channel.ts';
import { createStore, type Store } from '../state/store.ts';

/** A file on its way to the server. */
export interface Upload {
  id: number;
  name: string;
  /** 0..1 */
  share: number;
  /** The server takes in as many as it can; it is asked again by itself. */
  waiting: boolean;
  /** Why it did not get there. */
  problem: Problem | null;
}

export interface LibraryState {
  files: readonly LibraryFile[];
  uploads: readonly Upload[];
}

const begun = { share: 0, waiting: false, problem: null };

/** Between two attempts to get a place when the server does not say, in seconds. */
const RETRY_S = 5;

/** Images, films and music that the room can show and play, for its hosts. */
export class Library {
  readonly store: Store<LibraryState> = createStore<LibraryState>({ files: [], uploads: [] });
  readonly #ask: Pick<Channel, 'request'>;
  readonly #running = new Map<number, AbortController>();
  #next = 1;
  /** Settled when what was chosen before is sent, or is not to be. */
  #turn: Promise<void> = Promise.resolve();

  constructor(ask: Pick<Channel, 'request'>) {
    this.#ask = ask;
  }

  /** What is not known keeps what was: another look comes with the next opening. */
  async refresh(): Promise<void> {
    const answer = await this.#ask.request('files', {}).catch(() => null);
    if (answer) this.store.set({ files: answer.files });
  }

  async take(file: File): Promise<void> {
    const id = this.#next++;
    const name = uploadName(file.name);
    const running = new AbortController();
    this.#running.set(id, running);
    this.store.set({ uploads: [...this.store.get().uploads, { id, name, ...begun }] });
    // One after the other: the server takes but a few at a time, from all its rooms.
    this.#turn = this.#turn.then(() => this.#send(id, name, file, running.signal));
    await this.#turn;
  }

  /** Ends an upload, or takes what became of it off the list. */
  dismiss(id: number): void {
    this.#running.get(id)?.abort();
    this.store.set({ uploads: this.store.get().uploads.filter((each) => each.id !== id) });
  }

  close(): void {
    for (const running of this.#running.values()) running.abort();
  }

  /** Never rejects: what went wrong is said with the upload. */
  async #send(id: number, name: string, file: File, signal: AbortSignal): Promise<void> {
    try {
      if (signal.aborted) return;
      const { url } = await this.#ask.request('upload-link', { name });
      if (signal.aborted) return;
      await this.#upload(id, url, file, signal);
      this.dismiss(id);
      await this.refresh();
    } catch (error) {
      const problem =
        error instanceof Problem ? error : new Problem({ code: 'upload', title: 'It could not be sent' });
      if (problem.code === 'cancelled') this.dismiss(id);
      else this.#update(id, { problem });
    } finally {
      this.#running.delete(id);
    }
  }

  /** As often as it takes to get a place. */
  async #upload(id: number, url: string, file: File, signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        if (signal.aborted) throw new Problem({ code: 'cancelled', title: 'Cancelled' });
        return await upload(url, file, (share) => this.#update(id, { share, waiting: false }), signal);
      } catch (problem) {
        if (!(problem instanceof Problem) || problem.code !== 'too-many-uploads') throw problem;
        this.#update(id, { share: 0, waiting: true });
        await pause((problem.retryAfterS ?? RETRY_S) * 1000, signal);
      }
    }
  }

  #update(id: number, change: Partial<Upload>): void {
    const { uploads } = this.store.get();
    this.store.set({ uploads: uploads.map((each) => (each.id === id ? { ...each, ...change } : each)) });
  }
}

/** Ends early when it is not wanted any more; what comes after it hears of that by itself. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
