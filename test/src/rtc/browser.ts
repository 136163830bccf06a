import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';

const script = readFileSync(new URL('./page.js', import.meta.url), 'utf8');

export type Answer = (path: string, offer: string) => Promise<string>;

/** Serves an empty page and carries SDP: whatever is posted is answered by `answer`. */
export async function serveSdp(answer: Answer): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    if (request.method !== 'POST') {
      response.setHeader('content-type', 'text/html');
      response.end(`<!doctype html><title>rtc</title><body><script>${script}</script>`);
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      answer(request.url ?? '/', Buffer.concat(chunks).toString()).then(
        (sdp) => response.end(sdp),
        (error: Error) => {
          response.statusCode = 500;
          response.end(error.message);
        },
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

/** In the page: publishes a moving canvas and a tone, as `codec`. */
export async function publish(page: Page, path: string, codec: 'VP8' | 'H264'): Promise<void> {
  await page.evaluate(`publish(${JSON.stringify(path)}, ${JSON.stringify(codec)})`);
}

/** In the page: watches one audio and one video. */
export async function watch(page: Page, path: string): Promise<void> {
  await page.evaluate(`watch(${JSON.stringify(path)})`);
}

export interface StatsEntry {
  type: string;
  kind?: string;
  [key: string]: unknown;
}

export function statsOf(page: Page, peer: 'sender' | 'viewer'): Promise<StatsEntry[]> {
  return page.evaluate(`statsOf('${peer}')`);
}

/** Waits until `ready` says so about the peer's statistics, and gives them. */
export async function statsWhen(
  page: Page,
  peer: 'sender' | 'viewer',
  ready: (stats: StatsEntry[]) => boolean,
  timeoutMs = 15_000,
): Promise<StatsEntry[]> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const stats = await statsOf(page, peer);
    if (ready(stats)) return stats;
    if (Date.now() > until) {
      const seen = stats.filter(({ type }) => /rtp|pair|transport/.test(type));
      throw new Error(`not ready after ${timeoutMs} ms: ${JSON.stringify(seen)}`);
    }
    await page.evaluate('new Promise((resolve) => setTimeout(resolve, 100))');
  }
}
