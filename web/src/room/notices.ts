import type { Store } from '../state/store.ts';
import type { RoomState } from './state.ts';

export type NoticeAction = 'retry-upload' | 'unmute' | 'open-devices' | 'ask-again';

/** Something a person should read, once. */
export interface Notice {
  id: number;
  tone: 'plain' | 'warning' | 'error';
  title: string;
  detail: string;
  action: { does: NoticeAction; label: string } | null;
  /** Notices of one topic replace each other. */
  topic: string;
}

const SHOWN_MS = 7000;
const MOST = 4;

/** Notices without something to do about them go away by themselves. */
export class Notices {
  readonly #store: Store<RoomState>;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #next = 1;

  constructor(store: Store<RoomState>) {
    this.#store = store;
  }

  show(notice: Pick<Notice, 'topic' | 'title'> & Partial<Notice>): void {
    const id = this.#next++;
    const full: Notice = { tone: 'plain', detail: '', action: null, ...notice, id };
    const others = this.#store.get().notices.filter(({ topic }) => topic !== full.topic);
    this.#store.set({ notices: [...others, full].slice(-MOST) });
    if (full.action || full.tone === 'error') return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.dismiss(id);
    }, SHOWN_MS);
    this.#timers.add(timer);
  }

  dismiss(id: number): void {
    this.#store.set({ notices: this.#store.get().notices.filter((notice) => notice.id !== id) });
  }

  clear(topic: string): void {
    const { notices } = this.#store.get();
    if (notices.some((notice) => notice.topic === topic)) {
      this.#store.set({ notices: notices.filter((notice) => notice.topic !== topic) });
    }
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
