import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { Av1Depacketizer } from '../../../../mixer/rtp/av1.ts';
import { parseRtp } from '../../../../mixer/rtp/packet.ts';
import { Vp9Depacketizer } from '../../../../mixer/rtp/vp9.ts';
import { av1Configuration, withoutDelimiter } from '../../../../src/egress/matroska/av1.ts';
import { MatroskaWriter } from '../../../../src/egress/matroska/writer.ts';
import { BLUE, RED } from '../../../mixer/harness/camera.ts';
import { NewerCamera } from '../../../mixer/harness/layers.ts';
import { Turntable } from '../../../mixer/harness/turntable.ts';

const folder = mkdtempSync(join(tmpdir(), 'rostrum-newer-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SIZE = { width: 320, height: 180 };

test.each(['vp9', 'av1'] as const)('%s as a speaker sent it is a file that plays', async (codec) => {
  const camera = new NewerCamera(codec, SIZE);
  const depacketizer = codec === 'vp9' ? new Vp9Depacketizer() : new Av1Depacketizer();
  const writer = new MatroskaWriter({ video: { codec, ...SIZE, fps: 30 }, audio: false, file: 'webm' });
  const pieces: Buffer[] = [];
  for (let i = 0; i < 30; i++) {
    for (const packet of camera.shoot(i < 15 ? RED : BLUE)) {
      const frame = depacketizer.push(parseRtp(packet, 0)!);
      if (frame === null) continue;
      const { keyFrame, data: bytes } = frame;
      const timeUs = Math.round((i * 1e6) / 30);
      pieces.push(...writer.write({ media: 'video', keyFrame, timeUs, durationUs: 33_333, bytes }));
    }
  }
  camera.close();
  const path = join(folder, `${codec}.webm`);
  writeFileSync(path, Buffer.concat(pieces));
  const turntable = new Turntable(path);
  await turntable.advance(1500);
  turntable.close();
  expect(turntable.said).toEqual(['playing', 'ended']);
  expect(turntable.shown.length).toBeGreaterThan(25);
  expect(turntable.shown[3]).toMatchObject(SIZE);
  expect(Math.abs(turntable.shown[3]!.luma - RED.y)).toBeLessThan(6);
  expect(Math.abs(turntable.lastShown!.luma - BLUE.y)).toBeLessThan(6);
});

test('an AV1 unit without a sequence header configures nothing, and a cut one does no harm', () => {
  const camera = new NewerCamera('av1', SIZE);
  const [key, other] = [camera.coded(RED), camera.coded(RED)];
  camera.close();
  expect(av1Configuration(key)!.subarray(0, 1)).toEqual(Buffer.from([0x81]));
  expect(av1Configuration(other)).toBeNull();
  for (let length = 0; length < 40; length++) {
    const cut = key.subarray(0, length);
    av1Configuration(cut);
    expect(withoutDelimiter(cut).length).toBeLessThanOrEqual(length);
  }
});
