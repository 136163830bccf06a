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
  /** Why it did not get there. */
  problem: Problem | null;
}

export interface LibraryState {
  files: readonly LibraryFile[];
  uploads: readonly Upload[];
}

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
    this.store.set({ uploads: [...this.store.get().uploads, { id, name, share: 0, problem: null }] });
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
      await upload(url, file, (share) => this.#update(id, { share }), signal);
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

  #update(id: number, change: Partial<Upload>): void {
    const { uploads } = this.store.get();
    this.store.set({ uploads: uploads.map((each) => (each.id === id ? { ...each, ...change } : each)) });
  }
}
