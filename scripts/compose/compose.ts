import { mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findFfmpeg } from '../../src/egress/ffmpeg/find.ts';
import { RecordingStore } from '../../src/egress/recording/store.ts';
import { type BundleToCompose, ComposeProblem } from './bundleFolder.ts';
import { ComposeMixer } from './mixer.ts';
import { Player } from './player.ts';

export interface ComposeOrder {
  bundle: BundleToCompose;
  /** A file that does not exist yet, in a folder that does. */
  output: string;
  format: 'mp4' | 'webm';
  /** Null takes the one that the server would take. */
  ffmpeg: string | null;
  /** Called about twice a second. */
  progress(doneMs: number, ofMs: number): void;
  signal: AbortSignal;
}

const STEP_MS = 10;
const PROGRESS_MS = 500;
/** What was played last is still on its way through the mix when its time has come. */
const MIX_US = 150_000;

const log = { info() {}, warn() {}, error() {} };
const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);

/**
 * Mixes the tracks of a bundle anew, in real time, by the same mixer and recorder as a room.
 * @throws ComposeProblem
 */
export async function compose(order: ComposeOrder): Promise<void> {
  const { bundle, output, format } = order;
  const ffmpeg = await findFfmpeg(order.ffmpeg ?? undefined);
  const folder = await mkdtemp(join(dirname(output), '.compose-'));
  let died = false;
  const empty = { tiles: [], slate: { title: '', text: '' } };
  const mixer = new ComposeMixer(bundle, bundle.timeline[0]?.scene ?? empty, () => {
    died = true;
  });
  const settings = { folder, lowWaterBytes: 0, retentionDays: 0, keyFrameIntervalMs: 4000 };
  const store = new RecordingStore({ ...settings, ffmpeg: async () => ffmpeg, nowUs, log });
  const player = new Player(bundle, mixer.engine);
  try {
    const { id } = await store.begin({ room: 'compose', format, feed: mixer, changed() {} });
    await playAll(order, player, () => died || store.get(id).state !== 'recording');
    const made = await store.change(id, 'finished');
    const [file] = made.files;
    if (made.state !== 'finished' || !file) throw new ComposeProblem(`nothing was made: ${made.reason}`);
    await rename(store.file(id, file.name).path, output);
  } finally {
    await player.close();
    await store.close();
    await mixer.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function playAll(
  { bundle, progress, signal }: ComposeOrder,
  player: Player,
  failed: () => boolean,
): Promise<void> {
  const zeroUs = nowUs();
  const endUs = bundle.durationMs * 1000 + MIX_US;
  let toldUs = 0;
  for (let atUs = 0; atUs < endUs; atUs = nowUs() - zeroUs) {
    if (signal.aborted) throw new ComposeProblem('interrupted');
    if (failed()) throw new ComposeProblem('the mixer or the recorder ended before the tracks did');
    await player.advance(atUs, zeroUs);
    if (atUs - toldUs >= PROGRESS_MS * 1000) {
      toldUs = atUs;
      progress(Math.min(atUs / 1000, bundle.durationMs), bundle.durationMs);
    }
    await pause(STEP_MS);
  }
  progress(bundle.durationMs, bundle.durationMs);
}
