/** Plays a recorded file in a real page of the server's own, as a host does. */

import type { Page } from 'playwright-core';
import type { Studio } from './studio.ts';

/** What the functions below use of the page they are run in. */
interface Video extends EventTarget {
  muted: boolean;
  src: string;
  currentTime: number;
  readonly duration: number;
  readonly videoWidth: number;
  readonly ended: boolean;
  readonly error: { message: string } | null;
  play(): Promise<void>;
  pause(): void;
  remove(): void;
}
interface Context2d {
  drawImage(image: Video, x: number, y: number, width: number, height: number): void;
  getImageData(x: number, y: number, width: number, height: number): { data: Uint8ClampedArray };
}
declare const location: { origin: string };
declare const document: { createElement(name: 'video'): Video; body: { append(video: Video): void } };
declare const OffscreenCanvas: new (width: number, height: number) => { getContext(kind: '2d'): Context2d };

export interface Played {
  durationS: number;
  width: number;
  /** Where the player stood some time after it was told to begin there, seconds. */
  positionsS: number[];
  /** Brightness of the picture at each of them, 0 to 255. */
  brightness: number[];
  error: string | null;
}

/** Opens a page of the server, from which its files may be loaded. */
export async function openPage(studio: Studio, server: string): Promise<Page> {
  const page = await studio.page.context().browser()!.newPage();
  await page.goto(`${server}/healthz`);
  return page;
}

/** Links to the files of a room's recordings, as the server gives them to a host. */
export function linksOf(page: Page, token: string): Promise<string[]> {
  return page.evaluate(async (given) => {
    const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/ws`, 'rostrum.v1');
    await new Promise((resolve) => socket.addEventListener('open', resolve));
    const answer = (id: number) =>
      new Promise<{ recordings: { files: { url: string }[] }[] }>((resolve) => {
        socket.addEventListener('message', ({ data }) => {
          const message = JSON.parse(data);
          if (message.re === id) resolve(message);
        });
      });
    const joined = answer(1);
    socket.send(JSON.stringify({ id: 1, type: 'join', token: given }));
    await joined;
    const listed = answer(2);
    socket.send(JSON.stringify({ id: 2, type: 'recordings' }));
    const { recordings } = await listed;
    socket.close();
    return recordings.flatMap(({ files }) => files.map(({ url }) => url));
  }, token);
}

/** Seeks to each place, plays for half a second, and looks. */
export function play(page: Page, url: string, placesS: number[]): Promise<Played> {
  return page.evaluate(
    async ([source, places]) => {
      const video = document.createElement('video');
      video.muted = true;
      video.src = source;
      document.body.append(video);
      const event = (name: string) =>
        new Promise((resolve) => video.addEventListener(name, resolve, { once: true }));
      const failed = new Promise<'failed'>((resolve) =>
        video.addEventListener('error', () => resolve('failed'), { once: true }),
      );
      const seen = { durationS: 0, width: 0, positionsS: [] as number[], brightness: [] as number[] };
      const run = async () => {
        await event('loadedmetadata');
        for (const place of places) {
          video.currentTime = place;
          await event('seeked');
          await video.play();
          while (video.currentTime < place + 0.5 && !video.ended) await event('timeupdate');
          video.pause();
          seen.positionsS.push(video.currentTime);
          seen.brightness.push(look());
        }
      };
      const look = () => {
        const canvas = new OffscreenCanvas(16, 9);
        const context = canvas.getContext('2d');
        context.drawImage(video, 0, 0, 16, 9);
        const pixels = context.getImageData(0, 0, 16, 9).data;
        return pixels.reduce((sum, value, index) => (index % 4 === 3 ? sum : sum + value), 0) / (16 * 9 * 3);
      };
      await Promise.race([run(), failed]);
      seen.durationS = video.duration;
      seen.width = video.videoWidth;
      const error = video.error?.message ?? null;
      video.remove();
      return { ...seen, error };
    },
    [url, placesS] as const,
  );
}
