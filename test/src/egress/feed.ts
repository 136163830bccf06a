import type { OutputFeed, ProgramChunk } from '../../../src/egress/outputs/feed.ts';
import { type Film, inOrder } from './film.ts';

type Each = (chunk: ProgramChunk) => void;

/** A program's feed, played by hand or at real pace. */
export class FilmFeed implements OutputFeed {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly kbps = 500;
  keyFrameRequests = 0;
  readonly #takers = { video: new Set<Each>(), audio: new Set<Each>() };

  constructor({ width, height, fps }: Film) {
    this.width = width;
    this.height = height;
    this.fps = fps;
  }

  /** Taps that are open. */
  get taps(): number {
    return this.#takers.video.size + this.#takers.audio.size;
  }

  video(each: Each) {
    return this.#open('video', each);
  }

  audio(each: Each) {
    return this.#open('audio', each);
  }

  play(chunks: Iterable<['video' | 'audio', ProgramChunk]>): void {
    for (const [media, chunk] of chunks) this.send(media, chunk);
  }

  send(media: 'video' | 'audio', chunk: ProgramChunk): void {
    for (const each of [...this.#takers[media]]) each(chunk);
  }

  /** Plays as fast as time goes by, over and over; `stop` ends it. */
  playAtPace(film: Film, nowUs: () => number): () => void {
    const chunks = inOrder(film, 0);
    const fromUs = film.video[0]!.ptsUs;
    const lengthUs = film.audio.length * 20_000;
    const startUs = nowUs();
    let next = 0;
    const timer = setInterval(() => {
      for (;;) {
        const [media, chunk] = chunks[next % chunks.length]!;
        const atUs = Math.floor(next / chunks.length) * lengthUs + chunk.ptsUs - fromUs;
        if (startUs + atUs > nowUs()) return;
        next++;
        this.send(media, { ...chunk, ptsUs: startUs + atUs });
      }
    }, 5);
    return () => clearInterval(timer);
  }

  #open(media: 'video' | 'audio', each: Each) {
    // Of its own, so that one who taps twice hears twice.
    const taker: Each = (chunk) => each(chunk);
    this.#takers[media].add(taker);
    return {
      keyFrame: () => {
        this.keyFrameRequests++;
      },
      close: () => {
        this.#takers[media].delete(taker);
      },
    };
  }
}
