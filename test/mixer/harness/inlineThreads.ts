import { MediaDesk } from '../../../mixer/media/mediaDesk.ts';
import type { OpenMediaThread } from '../../../mixer/media/mediaThread.ts';

/** What decodes files in threads of the mixer, here in this one: it works when it is told to, in no time. */
export class InlineThreads {
  readonly #desks = new Set<MediaDesk>();

  /** Threads that have not been closed. */
  get size(): number {
    return this.#desks.size;
  }

  /** Until nothing is wanted any more. */
  work(): void {
    for (const desk of this.#desks) while (desk.work());
  }

  open: OpenMediaThread = (heard) => {
    const desk = new MediaDesk((message) => {
      if (this.#desks.has(desk)) heard(message);
    });
    this.#desks.add(desk);
    return {
      // As in a thread: what is posted is heard later.
      post: (message) => queueMicrotask(() => this.#desks.has(desk) && desk.handle(message)),
      close: () => {
        this.#desks.delete(desk);
        desk.close();
      },
    };
  };
}
