import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { EncoderSpec, TrackListener } from '../../../src/engine/engine.ts';
import { Bench, lives, scene } from './harness.ts';

const camera = { participant: 'ada', kind: 'camera', codec: 'vp8', clockRate: 90000 } as const;
const opus: EncoderSpec = { media: 'audio', codec: 'opus', kbps: 64 };
const listener = (): jest.Mocked<TrackListener> => ({
  nack: jest.fn(),
  keyFrameWanted: jest.fn(),
  refused: jest.fn(),
  accepted: jest.fn(),
});

let bench: Bench;
afterEach(() => bench.close());

/** The next picture of an encoder started for it. */
function nextPicture(spec: EncoderSpec = opus): { encoder: number; picture: Promise<Buffer> } {
  let encoder = 0;
  const picture = new Promise<Buffer>((resolve) => {
    encoder = bench.engine.startEncoder(spec, { media: resolve });
  });
  return { encoder, picture };
}

describe('a running engine', () => {
  test('sends RTP to its mixer and gets media back', async () => {
    bench = new Bench();
    bench.engine.demand(true);
    const track = bench.engine.addTrack(camera, listener());
    const { picture } = nextPicture();
    const packet = Buffer.from('a packet of sixteen and more bytes');
    bench.engine.rtp(track, 1e12, packet);
    expect((await picture).subarray(17)).toEqual(packet);
  });

  test('tells the owner of a track what concerns it, and nobody what concerns nobody', async () => {
    bench = new Bench();
    bench.engine.demand(true);
    const owner = listener();
    bench.engine.addTrack(camera, owner);
    const levels = bench.next('levels');
    bench.engine.scene(scene('feedback'));
    await levels;
    expect(owner.nack.mock.calls).toEqual([[[7, 9]]]);
    expect(owner.keyFrameWanted).toHaveBeenCalledTimes(1);
    expect(owner.refused).toHaveBeenCalledWith('picture-too-large', '9000x9000');
    expect(owner.accepted).toHaveBeenCalledTimes(1);
    expect(bench.heard).toContain('placed');
  });

  test('a removed track hears nothing any more', async () => {
    bench = new Bench();
    bench.engine.demand(true);
    const owner = listener();
    const track = bench.engine.addTrack(camera, owner);
    bench.engine.removeTrack(track);
    const levels = bench.next('levels');
    bench.engine.scene(scene('feedback'));
    await levels;
    expect(owner.nack).not.toHaveBeenCalled();
  });

  test('says the same scene or gain only once', async () => {
    bench = new Bench();
    bench.engine.demand(true);
    const gain = { participant: 'ada', kind: 'camera', muted: false, volumeDb: 0 } as const;
    for (let i = 0; i < 3; i++) {
      bench.engine.scene(scene('hello'));
      bench.engine.gain(gain);
    }
    const types = (await bench.told()).map((message) => message.type);
    expect(types).toEqual(['configure', 'scene', 'gain', 'start-encoder', 'tap']);
  });

  test('forgets the gain of who has left, in the mixer, too', async () => {
    bench = new Bench();
    bench.engine.demand(true);
    const ada = { participant: 'ada', kind: 'camera' } as const;
    bench.engine.gain({ ...ada, muted: true, volumeDb: -3 });
    for (let i = 0; i < 2; i++) bench.engine.forgetGain('ada', 'camera');
    bench.engine.forgetGain('bob', 'camera');
    bench.engine.gain({ ...ada, muted: true, volumeDb: -3 });
    const told = (await bench.told()).filter(({ type }) => /gain/.test(type));
    const gain = { type: 'gain', ...ada, muted: true, volumeDb: -3 };
    expect(told).toEqual([gain, { type: 'forget-gain', ...ada }, gain]);
  });

  test('taps a track once, and again of the next process, as long as there is one', async () => {
    bench = new Bench();
    bench.engine.demand(true);
    const spec = { participant: 'ada', kind: 'camera', codec: 'vp8', clockRate: 90_000 } as const;
    const [kept, gone] = [1, 2].map(() => bench.engine.addTrack(spec, listener()));
    for (const track of [kept!, kept!, gone!, 999]) bench.engine.tapTrack(track, true);
    const taps = async () => (await bench.told()).filter(({ type }) => type === 'tap-track');
    const on = { type: 'tap-track', track: kept, on: true };
    expect(await taps()).toEqual([on, { ...on, track: gone }]);
    bench.engine.removeTrack(gone!);
    const restarted = bench.next('restarted');
    process.kill(bench.engine.pid!, 'SIGKILL');
    await restarted;
    expect(await taps()).toEqual([on]);
  });

  test('drops what makes no sense and goes on', async () => {
    bench = new Bench();
    bench.engine.demand(true);
    bench.engine.scene(scene('nonsense'));
    const pid = bench.engine.pid;
    await bench.told();
    await bench.next('stats');
    expect(bench.engine.pid).toBe(pid);
    expect(bench.engine.restarts).toBe(0);
  });
});

describe('a replaced mixer', () => {
  /** Loses the mixer by `lose` and expects the next one to have been told everything. */
  async function survives(lose: (pid: number) => void): Promise<number> {
    bench.engine.demand(true);
    const track = bench.engine.addTrack(camera, listener());
    const gone = bench.engine.addTrack(camera, listener());
    bench.engine.removeTrack(gone);
    bench.engine.gain({ participant: 'ada', kind: 'camera', muted: true, volumeDb: -3 });
    bench.engine.scene(scene('fine'));
    await bench.next('stats');
    const before = bench.engine.pid!;
    const restarted = bench.next('restarted');
    const startMs = performance.now();
    lose(before);
    await restarted;
    await bench.next('stats');
    const tookMs = performance.now() - startMs;
    const told = await bench.told();
    expect(told.slice(0, 4)).toMatchObject([
      { type: 'configure', maxPixels: 1e6 },
      { type: 'add-track', track, participant: 'ada' },
      { type: 'gain', muted: true, volumeDb: -3 },
      { type: 'scene' },
    ]);
    expect(told.filter((message) => message.type === 'add-track')).toHaveLength(1);
    expect(bench.engine.restarts).toBe(1);
    expect(bench.engine.pid).not.toBe(before);
    expect(lives(before)).toBe(false);
    return tookMs;
  }

  test('after kill -9', async () => {
    bench = new Bench();
    expect(await survives((pid) => process.kill(pid, 'SIGKILL'))).toBeLessThan(1500);
  });

  test('from the spare, it works within a moment', async () => {
    bench = new Bench({ spare: true });
    bench.engine.demand(true);
    const first = bench.engine.pid;
    const spare = await new Promise<number>((resolve) => {
      const look = setInterval(() => {
        const pid = bench.pool.sparePid;
        if (!pid || pid === first) return;
        clearInterval(look);
        resolve(pid);
      }, 20);
    });
    await survives((pid) => process.kill(pid, 'SIGKILL'));
    expect(bench.engine.pid).toBe(spare);
  });

  test('after a crash of its own', async () => {
    bench = new Bench();
    await survives(() => {
      bench.engine.scene(scene('crash'));
      bench.engine.scene(scene('fine'));
    });
  });

  test('after rubbish on the channel', async () => {
    bench = new Bench();
    await survives(() => {
      bench.engine.scene(scene('garbage'));
      bench.engine.scene(scene('fine'));
    });
  });

  test('after it hangs', async () => {
    bench = new Bench({ hangAfterMs: 600 });
    const tookMs = await survives((pid) => process.kill(pid, 'SIGSTOP'));
    expect(tookMs).toBeGreaterThan(400);
  });
});

describe('demand', () => {
  test('starts a mixer with the first who needs it and ends it after the last', async () => {
    bench = new Bench({ lingerMs: 150 });
    expect(bench.engine.pid).toBeNull();
    bench.engine.demand(true);
    await bench.next('stats');
    const pid = bench.engine.pid!;
    bench.engine.demand(false);
    bench.engine.demand(true);
    await bench.next('stats');
    await bench.next('stats');
    await bench.next('stats');
    expect(bench.engine.pid).toBe(pid);
    bench.engine.demand(false);
    while (lives(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(bench.engine.pid).toBeNull();
    expect(bench.heard).not.toContain('restarted');
  });

  test('closing kills a mixer that does not end by itself, and closing twice is legal', async () => {
    bench = new Bench({ killAfterMs: 200 });
    bench.engine.demand(true);
    bench.engine.scene(scene('stubborn'));
    await bench.next('stats');
    const pid = bench.engine.pid!;
    const startMs = performance.now();
    await Promise.all([bench.engine.close(), bench.engine.close()]);
    expect(performance.now() - startMs).toBeGreaterThan(150);
    expect(lives(pid)).toBe(false);
    bench.engine.demand(true);
    expect(bench.engine.pid).toBeNull();
  });
});
