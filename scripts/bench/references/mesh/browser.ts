import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type Browser, type BrowserServer, chromium, type Page } from 'playwright-core';
import { chromiumFlags, chromiumPath, unasked } from '../../machine/chromium.ts';

/** In one sentence why there is no mesh, or undefined. */
export function missingChromium(): string | undefined {
  if (existsSync(chromiumPath)) return undefined;
  return `no Chromium at ${chromiumPath}: apt-get install chromium, or name another by ROSTRUM_CHROMIUM`;
}

/** One Chromium with a page for each client; cameras are given to pages of this machine's own server. */
export class MeshBrowser {
  readonly #server: Server;
  readonly #chromium: BrowserServer;
  readonly #browser: Browser;
  readonly #address: string;

  /** @param film what every camera sees, as y4m */
  static async start(page: string, film: string): Promise<MeshBrowser> {
    const html = await readFile(page);
    const server = createServer((_, response) => {
      response.setHeader('Content-Type', 'text/html');
      response.end(html);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    try {
      const chromiumServer = await chromium.launchServer({
        executablePath: chromiumPath,
        args: [...chromiumFlags, ...unasked, `--use-file-for-fake-video-capture=${film}`],
        headless: true,
      });
      const browser = await chromium.connect(chromiumServer.wsEndpoint());
      return new MeshBrowser(server, chromiumServer, browser, `http://localhost:${port}/`);
    } catch (error) {
      server.close();
      throw error;
    }
  }

  private constructor(server: Server, chromiumServer: BrowserServer, browser: Browser, address: string) {
    this.#server = server;
    this.#chromium = chromiumServer;
    this.#browser = browser;
    this.#address = address;
  }

  /** Of the browser's first process: everything of it is below. */
  get pid(): number {
    return this.#chromium.process().pid!;
  }

  async open(): Promise<Page> {
    const page = await this.#browser.newPage();
    await page.goto(this.#address);
    return page;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#chromium.close();
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
