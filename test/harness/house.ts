import type { Browser, BrowserContextOptions } from 'playwright-core';
import type { ParticipantView, Role, TileView } from '../../src/live/contract.ts';
import { ServerProcess } from './server.ts';
import { until } from './until.ts';
import { launchPeople, Visitor } from './visitor.ts';

const ROOM = 'demo';
const settings = { ROSTRUM_DEMO: 'on', ROSTRUM_SECRET: 'signs-the-links-of-the-page-tests-0123456789' };

/** A running server, and people who come with their own browsers to its room `demo`. */
export class House {
  readonly #browser: Browser;
  #visitors: Visitor[] = [];
  server: ServerProcess;

  private constructor(browser: Browser, server: ServerProcess) {
    this.#browser = browser;
    this.server = server;
  }

  /** @param further settings of the server */
  static async open(further: Record<string, string> = {}): Promise<House> {
    const started = ServerProcess.start({ ...settings, ...further });
    const [browser, server] = await Promise.all([launchPeople(), started]);
    return new House(browser, server);
  }

  get visitors(): readonly Visitor[] {
    return this.#visitors;
  }

  async link(role: Role, name: string, at = this.server.url): Promise<string> {
    return `${at}/r/${ROOM}#${await this.server.rest.token(ROOM, role, name)}`;
  }

  /** @param devices what the browser lets the page use */
  async visit(
    url: string,
    devices: ('camera' | 'microphone')[] = [],
    options: BrowserContextOptions = {},
  ): Promise<Visitor> {
    const visitor = await Visitor.open(this.#browser, url, devices, options);
    this.#visitors.push(visitor);
    return visitor;
  }

  /** What the server knows of somebody. */
  async known(name: string): Promise<ParticipantView | undefined> {
    return (await this.server.rest.participants(ROOM)).find((each) => each.name === name);
  }

  async tiles(): Promise<TileView[]> {
    return (await this.server.rest.room(ROOM)).layout.tiles;
  }

  /** Kills the server and starts it anew at the same address, with the same secret. */
  async restart(meanwhile: () => Promise<void>): Promise<void> {
    const { port } = new URL(this.server.url);
    await this.server.stop('SIGKILL');
    await meanwhile();
    this.server = await ServerProcess.start({ ...settings, ROSTRUM_PORT: port });
  }

  /** Everybody goes. Returns what went wrong in their pages. */
  async empty(): Promise<string[]> {
    const faults = this.#visitors.flatMap((visitor) => visitor.faults);
    await Promise.all(this.#visitors.map((visitor) => visitor.close()));
    this.#visitors = [];
    // A page closed between its offer and the answer leaves a session that the server's own timer frees.
    const nobody = async () => (await this.server.rest.participants(ROOM)).length === 0;
    await until('everybody has left', nobody, { timeoutMs: 20_000 });
    return faults;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.server.stop();
  }
}
