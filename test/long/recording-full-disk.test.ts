/** A disk that fills up under a recording: it ends with what it has, and nobody else notices. */

import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, jest, test } from '@jest/globals';
import WebSocket from 'ws';
import { decode } from '../harness/recorded.ts';
import { ServerProcess } from '../harness/server.ts';
import { Stage } from '../harness/stage.ts';
import { Studio } from '../harness/studio.ts';
import { until } from '../harness/until.ts';

jest.setTimeout(120_000);

interface Heard {
  type?: string;
  code?: string;
  detail?: string;
  recordings?: unknown[];
}

/** A host who only listens. */
async function listenAsHost(stage: Stage): Promise<{ heard: Heard[]; close(): void }> {
  const heard: Heard[] = [];
  const socket = new WebSocket(`${stage.server.url.replace('http', 'ws')}/ws`, 'rostrum.v1');
  socket.on('message', (text) => heard.push(JSON.parse(String(text)) as Heard));
  await new Promise((resolve) => socket.once('open', resolve));
  const token = await stage.server.rest.token(stage.room, 'host', 'Host');
  socket.send(JSON.stringify({ id: 1, type: 'join', token }));
  return { heard, close: () => socket.close() };
}

/** The number of the newest segment that the HLS playlist of the picture names. */
async function newestSegment(server: ServerProcess, room: string): Promise<number> {
  const master = `${server.url}/hls/${room}/index.m3u8`;
  const uri = (await (await fetch(master)).text())
    .split('\n')
    .find((line) => line !== '' && !line.startsWith('#'));
  const playlist = await (await fetch(new URL(uri!, master))).text();
  const first = Number(/#EXT-X-MEDIA-SEQUENCE:(\d+)/.exec(playlist)?.[1]);
  return first + playlist.split('#EXTINF').length - 1;
}

test('the recording fails with what was saved, hosts are told, viewers and HLS go on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rostrum-full-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', folder]);
  const server = await ServerProcess.start({ ROSTRUM_DATA: folder, ROSTRUM_DISK_RESERVE: '6' });
  const studio = await Studio.open();
  try {
    const stage = await Stage.open(server, studio);
    const speaker = await stage.speak('Green', { colour: [40, 150, 60], toneHz: 700 });
    const { viewer } = await stage.watch();
    await stage.untilSeen(viewer, speaker, [40, 150, 60]);
    await server.rest.beginOutput(stage.room, { type: 'hls' });
    await until('HLS has begun', async () => (await newestSegment(server, stage.room).catch(() => 0)) > 0);
    const host = await listenAsHost(stage);
    const { id } = await server.rest.record(stage.room, 'mp4');
    await sleep(4000);
    await studio.call('startLook', viewer, []);
    await writeFile(join(folder, 'ballast'), Buffer.alloc(9_500_000));
    const failed = await until('it has failed', async () =>
      (await server.rest.recordings(stage.room)).find((one) => one.id === id && one.state === 'failed'),
    );
    expect(failed.reason).toMatch(/the disk is full/);
    await until('the host is told', () => host.heard.some(({ code }) => code === 'recording-failed'));
    expect(host.heard.findLast(({ type }) => type === 'recordings')?.recordings).toEqual([]);
    await expect(server.rest.record(stage.room, 'webm')).rejects.toThrow(/507.*disk-full/);
    const newest = await newestSegment(server, stage.room);
    await until('HLS goes on', async () => (await newestSegment(server, stage.room)) >= newest + 2);
    const look = await studio.call('look', viewer);
    expect(look.longestGapMs).toBeLessThan(250);
    const { video, audio } = await decode(join(folder, 'recordings', id, failed.files[0]!.name));
    expect(Math.min(video.endS, audio.endS)).toBeGreaterThan(4);
    await rm(join(folder, 'ballast'));
    const again = await server.rest.record(stage.room, 'webm');
    expect(await server.rest.changeRecording(again.id, 'finished')).toMatchObject({ state: 'finished' });
    host.close();
  } finally {
    await studio.close();
    await server.stop();
    execFileSync('umount', [folder]);
    await rm(folder, { recursive: true });
  }
});
