import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';
import { transform } from '@swc/core';

const folder = import.meta.dirname;
const hls = join(folder, '../../node_modules/hls.js/dist/hls.mjs');
const blank =
  '<!doctype html><meta charset="utf-8"><title>studio</title>' +
  '<script type="module" src="/page/studio.ts"></script><body>';

/**
 * Serves an empty page with the harness's own scripts, from another origin than the server's: what a
 * foreign site embedding Rostrum would be. TypeScript is turned into JavaScript as it is asked for.
 */
export class Origin {
  readonly #server: Server;
  readonly url: string;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async open(): Promise<Origin> {
    const server = createServer(async (request, response) => {
      const path = normalize(new URL(request.url!, 'http://localhost').pathname);
      if (path === '/') response.setHeader('Content-Type', 'text/html').end(blank);
      else if (path === '/hls.mjs')
        response.setHeader('Content-Type', 'text/javascript').end(await readFile(hls));
      else if (!/^\/((page|clapping)\/)?\w+\.ts$/.test(path)) response.writeHead(404).end();
      else response.setHeader('Content-Type', 'text/javascript').end(await script(path));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Origin(server);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

async function script(path: string): Promise<string> {
  const source = await readFile(join(folder, path), 'utf8');
  const options = {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'es6' },
  } as const;
  return (await transform(source, { ...options, swcrc: false, configFile: false })).code;
}
