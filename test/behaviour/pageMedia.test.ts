/** A film at the host's desk: uploaded, played, paused, sought, repeated, ended; and what the stage sees of it all. */

import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { programColour } from '../harness/gallery.ts';
import { House } from '../harness/house.ts';
import type { Rgb } from '../harness/reports.ts';
import { isColour } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import type { Visitor } from '../harness/visitor.ts';
import { Clips } from '../mixer/harness/clips.ts';

jest.setTimeout(90_000);

const RED: Rgb = [255, 0, 0];
const BLUE: Rgb = [0, 0, 255];

const clips = new Clips();
let house: House;
let film: string;
beforeAll(async () => {
  const half = (colour: string) => ['-f', 'lavfi', '-i', `color=${colour}:s=640x360:r=25:d=10`];
  const left = ['-f', 'lavfi', '-i', 'aevalsrc=0.4*sin(2*PI*820*t)|0:s=48000:d=20'];
  const joined = [
    '-filter_complex',
    '[0][1]concat=n=2[v]',
    '-map',
    '[v]',
    '-map',
    '2:a',
    '-pix_fmt',
    'yuv420p',
  ];
  film = await clips.make('film.mp4', ...half('red'), ...half('blue'), ...left, ...joined);
  house = await House.open();
});
afterEach(async () => {
  expect(await house.empty()).toEqual([]);
});
afterAll(async () => {
  await house?.close();
  clips.close();
});

const sees = (viewer: Visitor, colour: Rgb) =>
  until(
    `the viewer sees ${colour}`,
    async () => {
      const pixel = await programColour(viewer, 0.5, 0.5);
      if (pixel !== null && isColour(pixel, colour)) return true;
      throw new Error(`it is ${pixel}`);
    },
    { timeoutMs: 15_000 },
  );

/** Peaks of both channels of what a visitor hears, 0..1. */
const hearsLeftAndRight = ({ page }: Visitor): Promise<[number, number]> =>
  page.evaluate(async () => {
    const video = document.querySelector<HTMLVideoElement>('[data-test=program-video]')!;
    const context = new AudioContext();
    const source = context.createMediaStreamSource(video.srcObject as MediaStream);
    const splitter = context.createChannelSplitter(2);
    source.connect(splitter);
    const channels = [0, 1].map((channel) => {
      const analyser = context.createAnalyser();
      splitter.connect(analyser, channel);
      return analyser;
    });
    const peaks: [number, number] = [0, 0];
    const samples = new Float32Array(channels[0]!.fftSize);
    for (let looks = 0; looks < 40; looks++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      channels.forEach((analyser, channel) => {
        analyser.getFloatTimeDomainData(samples);
        for (const sample of samples) peaks[channel] = Math.max(peaks[channel]!, Math.abs(sample));
      });
    }
    await context.close();
    return peaks;
  });

const medium = async () => (await house.server.rest.room('demo')).media[0];

test('a host plays a film to viewers', async () => {
  const host = await house.visit(await house.link('host', 'Mira'));
  await host.at('listen-only').click();
  await host.at('desk-media').click();
  const viewer = await house.visit(await house.link('viewer', 'Priya'));
  await viewer.at('watch').click();
  await viewer.seesProgram();
  await host.at('upload').setInputFiles(film);
  await host.at('file-play').click();
  await sees(viewer, RED);
  const [left, right] = await hearsLeftAndRight(viewer);
  expect(left).toBeGreaterThan(0.1);
  expect(right).toBeLessThan(left / 4);

  await host.at('media-play').click();
  await host.page.locator('[data-test=playing][data-state=paused]').waitFor();
  const { positionMs, durationMs } = (await medium())!;
  expect(positionMs).toBeLessThan(10_000);
  expect(durationMs).toBeGreaterThan(19_000);
  await host.at('media-position').fill('15000');
  await until('it is sought', async () => (await medium())?.positionMs === 15_000);
  await host.at('media-play').click();
  await sees(viewer, BLUE);
  await host.at('media-loop').click();
  await until('it repeats', async () => (await medium())?.loop);
  await host.page.locator('[data-test=media-loop][aria-pressed=true]').waitFor();
  await sees(viewer, RED);
  await host.at('media-volume').fill('-6');
  await until('it is quieter', async () => (await medium())?.volumeDb === -6);
  await host.at('media-stop').click();
  await host.at('playing').waitFor({ state: 'detached' });
  expect(await medium()).toBeUndefined();
});

test('a host gives the stage a picture of its own', async () => {
  const host = await house.visit(await house.link('host', 'Mira'), ['camera', 'microphone']);
  await host.join();
  await host.at('desk-picture').click();
  const room = () => house.server.rest.room('demo');
  await host.at('stage-program').check();
  await host.at('stage-layout').selectOption('solo');
  await until('the stage has a layout', async () => (await room()).stageLayout?.name === 'solo');
  expect((await room()).layout.name).toBe('grid');
  await host.seesProgram();
  await host.at('stage-program').uncheck();
  await until('both are the same', async () => {
    const { stageProgram, stageLayout } = await room();
    return !stageProgram && stageLayout === null;
  });
});
