import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { coloursSeen, longestGapMs, programColour, tonesHeard, watchForGaps } from '../harness/gallery.ts';
import { House } from '../harness/house.ts';
import type { Rgb } from '../harness/reports.ts';
import { isColour } from '../harness/stage.ts';
import { Studio } from '../harness/studio.ts';
import { until } from '../harness/until.ts';
import { phone, type Visitor } from '../harness/visitor.ts';

jest.setTimeout(90_000);

const colours: Record<string, Rgb> = {
  red: [180, 70, 60],
  green: [70, 150, 80],
  blue: [60, 80, 180],
  white: [210, 210, 210],
  grey: [120, 120, 120],
};
const tonesHz: Record<string, number> = { red: 820, green: 1_310, blue: 2_130 };

/** Longest pause between pictures while people come and go, on a machine that does much else. */
const SHORT_MS = 800;
/** And while a mixer starts and takes over. */
const LONG_MS = 1_500;

let house: House;
let studio: Studio;
const speakers = new Map<string, { speaker: number; id: string }>();

beforeAll(async () => {
  [house, studio] = await Promise.all([House.open({ ROSTRUM_MIXER_LINGER: '0' }), Studio.open()]);
  await house.server.rest.patchRoom('demo', { mode: 'sfu' });
});

afterAll(async () => {
  await studio?.close();
  await house?.close();
});

async function speak(name: string, codec: 'vp8' | 'h264' = 'vp8'): Promise<void> {
  const token = await house.server.rest.token('demo', 'panelist', name);
  const order = { colour: colours[name]!, toneHz: tonesHz[name] ?? null, codec };
  const speaker = await studio.speak({ ...order, server: house.server.url, room: 'demo', token });
  speakers.set(name, { speaker, id: (await house.known(name))!.id });
}

async function stopSpeaking(name: string): Promise<void> {
  await studio.call('stopSpeaking', speakers.get(name)!.speaker);
  speakers.delete(name);
}

const names = () => [...speakers.keys()];

/** Waits until a visitor sees all who speak, each in their colour, and nobody else. */
const seesEach = (visitor: Visitor): Promise<unknown> =>
  until(
    'each speaker is seen',
    async () => {
      const seen = await coloursSeen(visitor);
      const right = names().every((name) => {
        const pixel = seen[speakers.get(name)!.id];
        return pixel !== undefined && isColour(pixel, colours[name]!);
      });
      if (right && Object.keys(seen).length === speakers.size) return true;
      throw new Error(`seen: ${JSON.stringify(seen)}`);
    },
    { timeoutMs: 12_000 },
  );

const hearsEach = (visitor: Visitor): Promise<unknown> =>
  until(
    'each speaker is heard',
    async () => {
      const levels = await tonesHeard(visitor, Object.values(tonesHz));
      const heard = Object.keys(tonesHz).filter((_, i) => levels[i]! > -60);
      if (
        heard.join() ===
        Object.keys(tonesHz)
          .filter((name) => speakers.has(name))
          .join()
      )
        return true;
      throw new Error(`levels are ${levels.map(Math.round)}`);
    },
    { timeoutMs: 10_000 },
  );

const mixer = () => house.server.rest.metric('rostrum_mixer_process_id');

describe('a room that forwards', () => {
  let viewer: Visitor;
  beforeAll(async () => {
    viewer = await house.visit(await house.link('viewer', 'Priya'));
    await viewer.at('watch').click();
    await viewer.at('slate').waitFor();
  });

  test('with nobody on stage keeps its viewers connected', async () => {
    const states: string[] = [];
    const untilMs = performance.now() + 4_000;
    while (performance.now() < untilMs) {
      states.push((await viewer.at('program').getAttribute('data-state')) ?? '');
    }
    expect(new Set(states.slice(states.indexOf('connected')))).toEqual(new Set(['connected']));
  });

  test('shows each speaker in their own picture and lets all be heard, without a mixer', async () => {
    await speak('red');
    await speak('green', 'h264');
    await speak('blue');
    await seesEach(viewer);
    await hearsEach(viewer);
    expect(await mixer()).toBeUndefined();
    const text = await viewer.at('gallery').textContent();
    for (const name of names()) expect(text).toContain(name);
    await viewer.page.locator('.tile.speaking').first().waitFor();
  });

  test('goes on when somebody leaves and another comes', async () => {
    await watchForGaps(viewer);
    await stopSpeaking('green');
    await seesEach(viewer);
    await speak('green');
    await seesEach(viewer);
    await hearsEach(viewer);
    expect(await longestGapMs(viewer)).toBeLessThan(SHORT_MS);
  });

  test('takes a larger connection by itself when there are more speakers than sections', async () => {
    const offers = () => viewer.asked.filter((url) => url.endsWith('/whep/demo')).length;
    const before = offers();
    await longestGapMs(viewer);
    await speak('white');
    await speak('grey');
    await seesEach(viewer);
    expect(offers()).toBe(before + 1);
    expect(await longestGapMs(viewer)).toBeLessThan(SHORT_MS);
    for (const name of ['white', 'grey']) await stopSpeaking(name);
    await seesEach(viewer);
  });

  test('mixes when it is told to, and forwards again, while people watch', async () => {
    await house.server.rest.patchRoom('demo', { mode: 'mcu' });
    await viewer.page.locator('[data-test=program][data-mode=mcu]').waitFor();
    await hearsEach(viewer);
    const tiles = await until('all are drawn', async () => {
      const all = await house.tiles();
      return all.every(({ picture }) => picture) && all;
    });
    for (const name of names()) {
      const { picture } = tiles.find(({ participant }) => participant === speakers.get(name)!.id)!;
      await until(`${name} is in the program`, async () => {
        const pixel = await programColour(
          viewer,
          picture!.x + 0.85 * picture!.w,
          picture!.y + 0.5 * picture!.h,
        );
        return pixel !== null && isColour(pixel, colours[name]!);
      });
    }
    expect(await longestGapMs(viewer)).toBeLessThan(LONG_MS);
    await house.server.rest.patchRoom('demo', { mode: 'sfu' });
    await viewer.page.locator('[data-test=program][data-mode=sfu]').waitFor();
    await seesEach(viewer);
    await hearsEach(viewer);
    expect(await longestGapMs(viewer)).toBeLessThan(LONG_MS);
    expect(viewer.faults).toEqual([]);
  });

  test('records the program as a room that mixes, and the mixer ends with it', async () => {
    await until('no mixer is left', async () => (await mixer()) === undefined, { timeoutMs: 10_000 });
    const { id } = await house.server.rest.record('demo', 'webm');
    expect(await mixer()).toBeGreaterThan(0);
    const drawn = async () => (await house.tiles()).filter(({ picture }) => picture).length === 3;
    await until('the mixer draws all', drawn, { timeoutMs: 20_000 });
    const { files } = await house.server.rest.changeRecording(id, 'finished');
    expect(files[0]!.bytes).toBeGreaterThan(4_000);
    await until('no mixer is left', async () => (await mixer()) === undefined, { timeoutMs: 10_000 });
    await seesEach(viewer);
  });

  test('gives a player of one picture the speaker who has the floor', async () => {
    const token = await house.server.rest.token('demo', 'viewer', 'Player');
    const { id } = await studio.watch({ server: house.server.url, room: 'demo', token });
    const seen = await until('somebody is seen', async () => {
      const pixel = await studio.call('pixel', id, 0.85, 0.5);
      return names().find((name) => isColour(pixel, colours[name]!));
    });
    await house.server.rest.patchParticipant('demo', speakers.get(seen)!.id, { onStage: false });
    await until('another is seen', async () => {
      const pixel = await studio.call('pixel', id, 0.85, 0.5);
      return names().some((name) => name !== seen && isColour(pixel, colours[name]!));
    });
    await studio.call('stopWatching', id);
    await house.server.rest.patchParticipant('demo', speakers.get(seen)!.id, { onStage: true });
  });

  test('shows who switched their camera off, and who is muted, as such', async () => {
    const { id } = speakers.get('red')!;
    await house.server.rest.patchParticipant('demo', id, { video: 'muted', audio: 'muted' });
    const tile = viewer.page.locator(`[data-test=tile][data-person="${id}"]`);
    await viewer.page.locator(`[data-test=tile][data-person="${id}"][data-state=off]`).waitFor();
    expect(await tile.locator('video').count()).toBe(0);
    await until('red is not heard', async () => (await tonesHeard(viewer, [tonesHz.red!]))[0]! < -80);
    await house.server.rest.patchParticipant('demo', id, { video: 'on', audio: 'on' });
    await seesEach(viewer);
    await hearsEach(viewer);
  });
});

test('a host changes the mode from their page, on a phone, and is not shown to themselves', async () => {
  const host = await house.visit(await house.link('host', 'Mira'), ['camera', 'microphone'], phone);
  await host.join();
  await until('the host is on stage', async () => (await house.known('Mira'))?.onStage);
  await host.page.locator('[data-test=program][data-mode=sfu]').waitFor();
  await seesEach(host);
  const wide = await host.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(wide).toBeLessThanOrEqual(0);
  await host.at('desk-picture').click();
  await host.at('mode').selectOption('mcu');
  await host.page.locator('[data-test=program][data-mode=mcu]').waitFor();
  await host.at('mode').selectOption('sfu');
  await host.page.locator('[data-test=program][data-mode=sfu]').waitFor();
  await seesEach(host);
  expect(host.faults).toEqual([]);
});
