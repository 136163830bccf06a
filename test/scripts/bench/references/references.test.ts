import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { packetUs, programPacketUs } from '../../../../scripts/bench/references/forwarding.ts';
import { attempt } from '../../../../scripts/bench/references/job.ts';
import { meshPoints } from '../../../../scripts/bench/references/mesh/meshRun.ts';
import { mixingReferences } from '../../../../scripts/bench/references/mixing.ts';
import { samplePoint } from '../report/sample.ts';

describe('a reference', () => {
  test('that works carries what it measured', async () => {
    const found = await attempt('x', 'job', async () => ({ cpu: 0.4, version: '1', seconds: 8 }));
    expect(found).toEqual({
      name: 'x',
      job: 'job',
      skipped: null,
      version: '1',
      cpu: 0.4,
      packetUs: null,
      ours: null,
      seconds: 8,
    });
  });

  test('that is missing or breaks is a line with the reason', async () => {
    const failing = () => Promise.reject(new Error('no janus: apt-get install janus\nand more'));
    const found = await attempt('x', 'job', failing);
    expect(found).toMatchObject({ skipped: 'no janus: apt-get install janus', cpu: null, seconds: 0 });
  });
});

test('clips that cannot be made leave mixing out, and the run goes on', async () => {
  const root = await mkdtemp(join(tmpdir(), 'rostrum-references-'));
  try {
    await mkdir(join(root, 'dist/mixer'), { recursive: true });
    await writeFile(join(root, 'dist/mixer/main.js'), '');
    // Where clips are kept cannot be a folder.
    await writeFile(join(root, 'node_modules'), '');
    const ffmpeg = { path: 'ffmpeg', version: '7' };
    const job = { root, ffmpeg, codec: 'vp8', seconds: 2, points: [], say: () => {} } as const;
    const found = await mixingReferences(job, root);
    expect(found.map(({ name }) => name)).toEqual(['native-ffmpeg', 'gstreamer']);
    for (const { skipped } of found) expect(skipped).toContain('ENOTDIR');
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});

describe('what forwarding a packet takes', () => {
  test('is the slope of CPU over packets, with the same speakers', () => {
    const points = [1, 10, 30].flatMap((viewers) => [
      samplePoint('sfu', 4, viewers, 1),
      samplePoint('sfu', 8, viewers, 1),
      samplePoint('mcu', 4, viewers, 1),
    ]);
    // 0.0003 + 4 · 0.0024 cores for 4 · 285 packets.
    expect(packetUs(points, 4)).toBeCloseTo((0.0099 / 1140) * 1e6, 6);
  });

  test('is not known from one number of viewers, or from points that do not count', () => {
    expect(packetUs([samplePoint('sfu', 4, 10, 1), samplePoint('sfu', 4, 10, 2)], 4)).toBeNull();
    const spoilt = [1, 10].map((viewers) => ({ ...samplePoint('sfu', 4, viewers, 1), valid: false }));
    expect(packetUs(spoilt, 4)).toBeNull();
  });
});

describe('what a packet of the program takes', () => {
  const at = (speakers: number) => [1, 10, 30].map((viewers) => samplePoint('mcu', speakers, viewers, 1));

  test('is the slope of the server without its mixers, of four speakers where they were measured', () => {
    // 0.0026 cores for 285 packets.
    expect(programPacketUs([...at(8), ...at(4), ...at(2)])).toBeCloseTo((0.0026 / 285) * 1e6, 6);
    const flat = at(4).map((point) => ({ ...point, cpu: { ...point.cpu, withoutMixers: 0 } }));
    expect(programPacketUs([...at(8), ...flat])).toBeNull();
  });

  test('is of the largest stage where four speakers were not measured, and not known from one point', () => {
    expect(programPacketUs([...at(1), ...at(2)])).toBeCloseTo((0.0026 / 285) * 1e6, 6);
    expect(programPacketUs(at(2).slice(1, 2))).toBeNull();
    expect(programPacketUs([])).toBeNull();
  });
});

describe('a mesh', () => {
  const calls = [2, 3].map((clients) => ({
    clients,
    uplinkBps: 6e5 * (clients - 1),
    downlinkBps: 6.2e5 * (clients - 1),
    clientCpu: 0.1 + 0.12 * (clients - 1),
    picturesPerSecond: 30,
  }));

  test('is as measured for small calls, and computed for larger ones', () => {
    const points = meshPoints(calls, [4, 8]);
    expect(points.map(({ clients, measured }) => [clients, measured])).toEqual([
      [2, true],
      [3, true],
      [4, false],
      [8, false],
    ]);
    expect(points[3]!.uplinkBps).toBeCloseTo(7 * 6e5, 3);
    expect(points[3]!.downlinkBps).toBeCloseTo(7 * 6.2e5, 3);
    expect(points[3]!.clientCpu).toBeCloseTo(0.1 + 0.12 * 7, 10);
    for (const { perPeerCpu } of points) expect(perPeerCpu).toBeCloseTo(0.12, 10);
  });
});
