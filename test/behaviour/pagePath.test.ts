/** What happens when the network path of somebody breaks: ICE is restarted, or the page begins anew. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { House } from '../harness/house.ts';
import { NarrowLink } from '../harness/narrowLink.ts';
import { until } from '../harness/until.ts';
import type { Visitor } from '../harness/visitor.ts';

jest.setTimeout(60_000);

let house: House;
const links: NarrowLink[] = [];

beforeAll(async () => {
  house = await House.open();
});

afterEach(async () => {
  // Over their links they say goodbye.
  const faults = await house.empty();
  for (const link of links.splice(0)) link.close();
  expect(faults).toEqual([]);
});

afterAll(() => house?.close());

async function path(): Promise<NarrowLink> {
  const link = await NarrowLink.open(1);
  links.push(link);
  return link;
}

/** The answer with one candidate only: the relay on this machine. */
function over(link: NarrowLink, answer: string): string {
  link.connect(answer);
  const candidate = `a=candidate:1 1 udp 2130706431 127.0.0.1 ${link.port} typ host\r\n`;
  return answer.replaceAll(/a=candidate:.*\r\n/g, '').replaceAll('a=end-of-candidates\r\n', candidate);
}

interface Answered {
  status: number;
  location: string;
  etag: string;
  body: string;
}

/** What a page holds for the test. */
interface Held {
  peer: RTCPeerConnection;
}

/** A bare peer in a page, which knows nothing of candidates but those of its answer. */
class BarePeer {
  readonly #page: Page;
  readonly #authorization: string;
  #session: Answered | undefined;

  constructor(page: Page, token: string) {
    this.#page = page;
    this.#authorization = `Bearer ${token}`;
  }

  /** @param kind what it does with the room: sends a picture to it, or receives one */
  async open(url: string, kind: 'whip' | 'whep', link: NarrowLink): Promise<void> {
    const offer = await this.#page.evaluate(async (direction) => {
      const peer = new RTCPeerConnection();
      Object.assign(globalThis, { peer });
      if (direction === 'whep') {
        peer.addTransceiver('audio', { direction: 'recvonly' });
        peer.addTransceiver('video', { direction: 'recvonly' });
      } else {
        const canvas = document.createElement('canvas');
        const context = canvas.getContext('2d')!;
        setInterval(() => {
          context.fillStyle = `hsl(${performance.now() % 360} 80% 50%)`;
          context.fillRect(0, 0, canvas.width, canvas.height);
        }, 40);
        peer.addTransceiver(canvas.captureStream(25).getVideoTracks()[0]!, { direction: 'sendonly' });
      }
      await peer.setLocalDescription();
      return peer.localDescription!.sdp;
    }, kind);
    const answered = await this.#ask('POST', `${url}/${kind}/demo`, 'application/sdp', offer);
    expect(answered.status).toBe(201);
    this.#session = { ...answered, location: new URL(answered.location, url).href };
    await this.#take(over(link, answered.body));
    await this.#page.waitForFunction(
      () => (globalThis as unknown as Held).peer.connectionState === 'connected',
    );
  }

  /** @returns the new entity tag */
  async restart(link: NarrowLink): Promise<string> {
    const { location, etag, body } = this.#session!;
    const credentials = await this.#page.evaluate(async () => {
      const { peer } = globalThis as unknown as Held;
      await peer.setLocalDescription(await peer.createOffer({ iceRestart: true }));
      return peer.localDescription.sdp
        .match(/^a=ice-(ufrag|pwd):.*$/gm)
        .slice(0, 2)
        .join('\r\n');
    });
    const type = 'application/trickle-ice-sdpfrag';
    const restarted = await this.#ask('PATCH', location, type, `${credentials}\r\n`, etag);
    expect(restarted.status).toBe(200);
    expect(restarted.etag).not.toBe(etag);
    const stale = await this.#ask('PATCH', location, type, `${credentials}\r\n`, etag);
    expect(stale.status).toBe(412);
    const line = (name: string) => new RegExp(`^a=${name}:.*$`, 'm').exec(restarted.body)![0];
    const answer = body
      .replaceAll(/^a=ice-ufrag:.*$/gm, line('ice-ufrag'))
      .replaceAll(/^a=ice-pwd:.*$/gm, line('ice-pwd'));
    await this.#take(over(link, answer));
    return restarted.etag;
  }

  /** Of all streams received, and all sent. */
  bytes(): Promise<{ received: number; sent: number; pictures: number; handshakes: string }> {
    return this.#page.evaluate(async () => {
      const all = [...(await (globalThis as unknown as Held).peer.getStats()).values()];
      const sum = (type: string, field: string) =>
        all.filter((each) => each.type === type).reduce((total, each) => total + (each[field] ?? 0), 0);
      return {
        received: sum('inbound-rtp', 'bytesReceived'),
        sent: sum('outbound-rtp', 'bytesSent'),
        pictures: sum('inbound-rtp', 'framesDecoded'),
        handshakes: all.find((each) => each.type === 'transport').localCertificateId,
      };
    });
  }

  async close(): Promise<void> {
    const { status } = await this.#ask('DELETE', this.#session!.location, 'text/plain', '');
    expect(status).toBe(200);
    await this.#page.evaluate(() => (globalThis as unknown as Held).peer.close());
  }

  #take(sdp: string): Promise<void> {
    return this.#page.evaluate(
      (answer) => (globalThis as unknown as Held).peer.setRemoteDescription({ type: 'answer', sdp: answer }),
      sdp,
    );
  }

  async #ask(method: string, url: string, type: string, body: string, etag?: string): Promise<Answered> {
    const headers = { authorization: this.#authorization, 'content-type': type };
    const response = await fetch(url, {
      method,
      headers: etag === undefined ? headers : { ...headers, 'if-match': etag },
      ...(method !== 'DELETE' && { body }),
    });
    const header = (name: string) => response.headers.get(name) ?? '';
    return {
      status: response.status,
      location: header('location'),
      etag: header('etag'),
      body: await response.text(),
    };
  }
}

describe('ICE restart', () => {
  /** A page that is only a place for a peer: it has joined nothing. */
  const emptyPage = async (): Promise<Visitor> => house.visit(`${house.server.url}/healthz`);

  test('over WHEP: the picture goes on over another path, in the same session', async () => {
    const host = await house.visit(await house.link('host', 'Mira'), ['camera', 'microphone']);
    await host.join();
    const { page } = await emptyPage();
    const peer = new BarePeer(page, await house.server.rest.token('demo', 'viewer', 'Priya'));
    const first = await path();
    await peer.open(house.server.url, 'whep', first);
    await until('pictures', async () => (await peer.bytes()).pictures > 30);
    first.close();
    const before = await peer.bytes();
    await peer.restart(await path());
    const again = async () => (await peer.bytes()).pictures > before.pictures + 30;
    await until('pictures after the restart', again, { timeoutMs: 4_000 });
    expect((await peer.bytes()).handshakes).toBe(before.handshakes);
    expect(
      (await house.server.rest.participants('demo')).filter(({ name }) => name === 'Priya'),
    ).toHaveLength(1);
    await peer.close();
  });

  test('over WHIP: the speaker stays on stage, and their picture goes on', async () => {
    const { page } = await emptyPage();
    const peer = new BarePeer(page, await house.server.rest.token('demo', 'panelist', 'Jonas'));
    const first = await path();
    await peer.open(house.server.url, 'whip', first);
    const tile = async () => (await house.tiles())[0]?.state;
    await until('the tile is live', async () => (await tile()) === 'live');
    first.close();
    await until('the tile is poor', async () => (await tile()) === 'poor');
    await peer.restart(await path());
    await until('the tile is live again', async () => (await tile()) === 'live', { timeoutMs: 4_000 });
    expect(await house.tiles()).toHaveLength(1);
    await peer.close();
  });
});

interface Change {
  atMs: number;
  state: string | null;
  said: string;
}

/** Notes each change of a visitor's connection, however short it lasts. */
const noteChanges = ({ page }: Visitor): Promise<void> =>
  page.evaluate(() => {
    const program = document.querySelector('[data-test=program]')!;
    const changes: Change[] = [];
    const startMs = performance.now();
    Object.assign(globalThis, { changes });
    new MutationObserver(() => {
      const state = program.getAttribute('data-state');
      const said = document.querySelector('[data-test=condition]')?.textContent ?? '';
      if (changes.at(-1)?.state !== state) changes.push({ atMs: performance.now() - startMs, state, said });
    }).observe(program, { attributes: true, childList: true, subtree: true });
  });

/** From the break on: when the page noticed, and when it was back. */
async function back({ page }: Visitor): Promise<{ noticed: Change; connected: Change }> {
  const changes = () => page.evaluate(() => (globalThis as unknown as { changes: Change[] }).changes);
  const isBack = async () => {
    const all = await changes();
    if (all.at(-1)?.state === 'connected') return true;
    throw new Error(JSON.stringify(all));
  };
  await until('it is connected again', isBack, { timeoutMs: 15_000 });
  const all = await changes();
  return { noticed: all.find(({ state }) => state === 'reconnecting')!, connected: all.at(-1)! };
}

/** A viewer with a single path, and further ones for what they open later. */
async function viewerOver(
  first: NarrowLink,
  restarted: (fragment: string) => string,
): Promise<{ viewer: Visitor; asked: { sessions: number; restarts: number } }> {
  const viewer = await house.visit(await house.link('viewer', 'Priya'));
  const asked = { sessions: 0, restarts: 0 };
  await viewer.page.route('**/whep/**', async (route) => {
    const request = route.request();
    if (request.method() === 'POST' && ++asked.sessions === 1) {
      const response = await route.fetch();
      return route.fulfill({ response, body: over(first, await response.text()) });
    }
    if (request.method() !== 'PATCH' || asked.sessions > 1) return route.continue();
    // Candidates would show the server a way past the relays.
    if (request.postData()?.includes('m=')) return route.fulfill({ status: 204 });
    asked.restarts += 1;
    const response = await route.fetch();
    await route.fulfill({ response, body: restarted(await response.text()) });
  });
  await viewer.at('watch').click();
  await viewer.seesProgram();
  await noteChanges(viewer);
  return { viewer, asked };
}

describe('a viewer whose path breaks', () => {
  beforeEach(async () => {
    const host = await house.visit(await house.link('host', 'Mira'), ['camera', 'microphone']);
    await host.join();
  });

  async function breaks(first: NarrowLink, viewer: Visitor): Promise<void> {
    const known = await house.known('Priya');
    first.close();
    const { noticed, connected } = await back(viewer);
    await viewer.seesProgram();
    expect(noticed.atMs).toBeLessThan(3_500);
    expect(noticed.said).toContain('The connection was lost. Reconnecting…');
    expect(connected.atMs - noticed.atMs).toBeLessThan(2_000);
    expect((await house.known('Priya'))?.id).toBe(known?.id);
    const people = await house.server.rest.participants('demo');
    expect(people.filter(({ name }) => name === 'Priya')).toHaveLength(1);
  }

  test('goes on over another in the same session', async () => {
    const [first, second] = [await path(), await path()];
    const { viewer, asked } = await viewerOver(first, (fragment) => over(second, fragment));
    await breaks(first, viewer);
    expect(asked).toEqual({ sessions: 1, restarts: 1 });
  });

  test('has a new session where there is no other', async () => {
    const [first, nowhere] = [await path(), await path()];
    const candidate = `a=candidate:1 1 udp 1 127.0.0.1 ${nowhere.port} typ host\r\n`;
    nowhere.close();
    const { viewer, asked } = await viewerOver(first, (fragment) =>
      fragment.replaceAll(/a=candidate:.*\r\n/g, candidate),
    );
    await breaks(first, viewer);
    expect(asked).toEqual({ sessions: 2, restarts: 1 });
  });
});
