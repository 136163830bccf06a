import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LoadClips } from '../clips/loadClips.ts';
import type { BenchReference } from '../compare/result.ts';
import { ServerProcess } from '../server/serverProcess.ts';
import { findJanus, JanusProcess } from './janus/janusProcess.ts';
import { MEDIA_PORTS } from './janus/janusRun.ts';
import { attempt, type ReferenceJob } from './job.ts';
import { measureSound, type SoundRun } from './sound/soundRun.ts';

const SPEAKERS = 4;
const LISTENERS = [4, 44] as const;
const ROOM = 'sound';

/** Janus' audio bridge and a room of ours in which nobody has a picture: the same people talk and listen. */
export async function soundReference(job: ReferenceJob, folder: string): Promise<BenchReference> {
  const text = `sound alone: ${SPEAKERS} speakers who hear each other, ${LISTENERS[1]} listeners who hear them all`;
  return attempt('janus-audiobridge', text, async () => {
    const version = await findJanus();
    if (version === undefined) throw new Error('no janus: apt-get install janus');
    const main = join(job.root, 'dist/src/main.js');
    if (!existsSync(main)) throw new Error(`${main} is missing: run npm run build first`);
    const clips = new LoadClips(job.ffmpeg.path, join(job.root, 'node_modules/.cache/rostrum'), job.codec);
    await clips.make(SPEAKERS, job.say);
    const sounds = Array.from({ length: SPEAKERS }, (_, speaker) => clips.files(speaker, 'fit').sound);
    job.say('Janus, audiobridge');
    const theirs = await inBridge(sounds, job.seconds, join(folder, 'janus-audiobridge'));
    job.say('a room with sound alone, for comparison');
    const ours = await inRoom(sounds, job.seconds, main);
    const heard = `${theirs.kbps.toFixed(0)} kbit/s each, from us ${ours.kbps.toFixed(0)}`;
    return {
      job: `${text}, ${heard}`,
      version,
      cpu: theirs.cpu,
      ours: ours.cpu,
      further: { theirs: theirs.furtherCpu, ours: ours.furtherCpu },
      seconds: job.seconds,
    };
  });
}

async function inBridge(sounds: string[], seconds: number, folder: string): Promise<SoundRun> {
  const janus = await JanusProcess.start({ folder, plugin: 'audiobridge', mediaPorts: MEDIA_PORTS });
  try {
    return await measureSound({
      ...{ sounds, seconds, listeners: LISTENERS },
      venue: { janus: janus.url },
      pid: janus.pid,
      token: async (_, name) => name,
    });
  } finally {
    await janus.close();
  }
}

async function inRoom(sounds: string[], seconds: number, main: string): Promise<SoundRun> {
  const server = await ServerProcess.start({ main });
  try {
    const { api } = server;
    await api.createRoom({ id: ROOM, mode: 'mcu' });
    return await measureSound({
      ...{ sounds, seconds, listeners: LISTENERS },
      venue: { whip: api.whip(ROOM), whep: api.whep(ROOM) },
      pid: server.pid,
      token: (role, name) => api.token(ROOM, role, name),
    });
  } finally {
    await server.close();
  }
}
