import { afterEach, describe, expect, test } from '@jest/globals';
import { BLUE, Camera, type CameraSettings, GREEN, RED, WHITE } from '../harness/camera.ts';
import { rtp } from '../harness/packets.ts';
import { Random } from '../harness/random.ts';
import { Tracked } from '../harness/tracked.ts';
import { encodeWithBFrames } from '../harness/x264.ts';

let opened: Tracked[] = [];
afterEach(() => {
  for (const each of opened) each.close();
  opened = [];
});

function open(settings: Partial<CameraSettings> & { codec: 'vp8' | 'h264' }, maxPixels?: number): Tracked {
  const tracked = new Tracked({ width: 320, height: 180, ...settings }, maxPixels);
  opened.push(tracked);
  return tracked;
}
/** Luma survives coding to within a few steps. */
const about = (luma: number | undefined) =>
  [RED, GREEN, BLUE, WHITE].find(({ y }) => luma !== undefined && Math.abs(y - luma) < 6);

describe.each(['vp8', 'h264'] as const)('%s', (codec) => {
  test('every picture is shown once, and its key frame never asked for', () => {
    const tracked = open({ codec });
    for (const colour of [RED, GREEN, BLUE]) {
      tracked.film(colour);
      expect(about(tracked.shown())).toBe(colour);
      expect(tracked.shown()).toBeUndefined();
    }
    expect(tracked.track.decodedFrames).toBe(3);
    expect(tracked.keyFramesWanted).toEqual([]);
  });

  test('when several are due the newest is shown', () => {
    const tracked = open({ codec });
    tracked.film(RED, 3);
    tracked.film(GREEN);
    expect(about(tracked.shown())).toBe(GREEN);
  });

  test('a stream that begins without a key frame is asked for one, twice a second', () => {
    const tracked = open({ codec });
    tracked.camera.coded(RED);
    tracked.film(RED, 61);
    expect(tracked.shown()).toBeUndefined();
    expect(tracked.keyFramesWanted.length).toBe(5);
    const pauses = tracked.keyFramesWanted.slice(1).map((ms, i) => ms - tracked.keyFramesWanted[i]!);
    for (const pause of pauses) expect(pause).toBeGreaterThanOrEqual(500);
    tracked.film(GREEN, 1, true);
    expect(about(tracked.shown())).toBe(GREEN);
  });

  test('a lost packet is asked for again; when it comes nothing is missing', () => {
    const tracked = open({ codec });
    tracked.film(RED, 3);
    const packets = tracked.camera.shoot(GREEN, true);
    tracked.deliver(tracked.camera.shoot(BLUE));
    tracked.advance(20_000);
    expect(tracked.nacks.length).toBe(packets.length);
    expect(tracked.track.waiting).toBe(true);
    tracked.deliver(packets);
    expect(tracked.track.waiting).toBe(false);
    tracked.advance(1000);
    expect(about(tracked.shown())).toBe(BLUE);
    expect(tracked.track.lostPackets).toBe(0);
    expect(tracked.keyFramesWanted).toEqual([]);
  });

  test('one that never comes leaves no broken picture: nothing until the key frame that is asked for', () => {
    const tracked = open({ codec });
    tracked.film(RED, 3);
    expect(about(tracked.shown())).toBe(RED);
    tracked.camera.shoot(RED);
    tracked.film(GREEN, 10);
    expect(tracked.shown()).toBeUndefined();
    tracked.film(GREEN, 10);
    expect(tracked.shown()).toBeUndefined();
    expect(tracked.keyFramesWanted.length).toBeGreaterThan(0);
    expect(tracked.track.brokenSinceUs).toBeDefined();
    expect(tracked.track.lostPackets).toBeGreaterThan(0);
    tracked.film(BLUE, 1, true);
    expect(about(tracked.shown())).toBe(BLUE);
    expect(tracked.track.brokenSinceUs).toBeUndefined();
  });

  test('after a change of SSRC pictures wait for a key frame, and then go on', () => {
    const tracked = open({ codec });
    tracked.film(RED, 3);
    tracked.shown();
    const other = new Camera({ codec, width: 320, height: 180, ssrc: 77, sequence: 5, rtpTimestamp: 12_345 });
    const [key, ...inter] = Array.from({ length: 4 }, () => other.shoot(GREEN));
    tracked.deliver(inter.flat());
    tracked.advance(40_000);
    expect(tracked.shown()).toBeUndefined();
    expect(tracked.keyFramesWanted).toHaveLength(1);
    tracked.deliver(other.shoot(BLUE, true));
    tracked.advance(40_000);
    expect(about(tracked.shown())).toBe(BLUE);
    expect(key!.length).toBeGreaterThan(0);
    other.close();
  });

  test('a picture over the limit is refused before it is decoded, told once, and accepted when smaller', () => {
    const tracked = open({ codec, width: 640, height: 360 }, 320 * 180);
    tracked.film(RED, 60);
    expect(tracked.said).toEqual(['picture-too-large']);
    expect(tracked.track.decodedFrames).toBe(0);
    expect(tracked.track.brokenSinceUs).toBeDefined();
    expect(tracked.keyFramesWanted.length).toBeLessThanOrEqual(2);
    const small = open({ codec, width: 320, height: 180, sequence: tracked.camera.stream.sequence });
    tracked.deliver(small.camera.shoot(GREEN));
    tracked.advance(1000);
    expect(about(tracked.shown())).toBe(GREEN);
    expect(tracked.said).toEqual(['picture-too-large', 'accepted']);
  });

  test('what is over the limit by turns is told now and then; the rest is shown', () => {
    const tracked = open({ codec, width: 320, height: 180 }, 320 * 180);
    const large = open({ codec, width: 640, height: 360 });
    const film = (from: Tracked, index: number) => {
      from.camera.stream.sequence = Math.max(tracked.camera.stream.sequence, large.camera.stream.sequence);
      from.camera.rtpTimestamp = index * 3000;
      tracked.deliver(from.camera.shoot(GREEN, true));
      tracked.advance(33_333);
    };
    for (let index = 0; index < 150; index += 2) {
      film(large, index);
      film(tracked, index + 1);
      expect(about(tracked.shown())).toBe(GREEN);
    }
    expect(tracked.said).toEqual(['picture-too-large', 'accepted']);
    film(large, 151);
    film(large, 152);
    expect(tracked.said).toEqual(['picture-too-large', 'accepted', 'picture-too-large']);
    expect(tracked.track.decodedFrames).toBe(75);
  });

  test('what takes too long to decode is shown in part, and its sender told once', () => {
    const tracked = new Tracked({ codec, width: 320, height: 180 }, 320 * 180, 12_000);
    opened.push(tracked);
    let shown = 0;
    for (let index = 0; index < 300; index++) {
      // A camera that does as it is asked.
      const wanted = tracked.keyFramesWanted.length;
      tracked.film(GREEN, 1, index === 0 || wanted > shown);
      shown = wanted;
    }
    expect(tracked.said).toEqual(['too-costly']);
    const spentShare = (tracked.track.decodedFrames * 12_000) / 10e6;
    expect(spentShare).toBeGreaterThan(0.15);
    expect(spentShare).toBeLessThan(0.28);
    expect(tracked.keyFramesWanted.length).toBeLessThan(25);
  });

  test('what has come at once is decoded over several ticks, and nothing of it is lost', () => {
    const tracked = new Tracked({ codec, width: 320, height: 180 }, 320 * 180, 6_000);
    opened.push(tracked);
    const packets = Array.from({ length: 8 }, () => tracked.camera.shoot(RED)).flat();
    for (const packet of packets) tracked.track.push(packet, tracked.nowUs);
    tracked.track.decode(tracked.nowUs);
    expect(tracked.track.decodedFrames).toBe(3);
    tracked.track.decode(tracked.nowUs + 33_333);
    expect(tracked.track.decodedFrames).toBe(6);
    tracked.track.decode(tracked.nowUs + 66_667);
    expect(tracked.track.decodedFrames).toBe(8);
    expect(tracked.keyFramesWanted).toEqual([]);
  });

  test('a small stream that turns large shows nothing of it', () => {
    const tracked = open({ codec }, 320 * 180);
    tracked.film(RED, 2);
    tracked.shown();
    const large = open({ codec, width: 322, height: 180, sequence: tracked.camera.stream.sequence });
    for (let i = 0; i < 5; i++) tracked.deliver(large.camera.shoot(GREEN));
    tracked.advance(1000);
    expect(tracked.shown()).toBeUndefined();
    expect(tracked.said).toEqual(['picture-too-large']);
    expect(tracked.track.brokenSinceUs).toBeDefined();
  });

  test.each([60, 120])('at %i pictures per second, held for their sound, they stay in time', (fps) => {
    const tracked = open({ codec, fps, width: 160, height: 96 });
    const { timeline } = tracked;
    const dueUs = timeline.dueUs.bind(timeline);
    timeline.dueUs = (captureUs, nowUs) => dueUs(captureUs, nowUs) + 350_000;
    let shown = 0;
    for (let tick = 0; tick < 90; tick++) {
      tracked.film(RED, fps / 30);
      if (tracked.shown() !== undefined) shown++;
    }
    expect(shown).toBeGreaterThan(70);
  });

  test('20,000 mutated packets never throw, and a good key frame brings the picture back', () => {
    const random = new Random(31);
    const tracked = open({ codec, width: 160, height: 96, kbps: 200 });
    let sent = 0;
    while (sent < 20_000) {
      const packets = tracked.camera.shoot(random.pick([RED, GREEN]), random.chance(0.1));
      for (const packet of packets) {
        for (let copy = 0; copy < 20; copy++, sent++)
          tracked.track.push(random.mutated(packet), tracked.nowUs);
        tracked.track.push(packet, tracked.nowUs);
        tracked.track.decode(tracked.nowUs);
      }
      tracked.advance(33_000);
      tracked.shown();
    }
    tracked.advance(1e6);
    tracked.film(BLUE, 3, true);
    tracked.advance(600_000);
    tracked.film(BLUE, 3, true);
    expect(about(tracked.shown())).toBe(BLUE);
  });

  test('pictures that were garbage leave no delay behind', () => {
    const random = new Random(32);
    const tracked = open({ codec, width: 160, height: 96 });
    for (let i = 0; i < 300; i++) {
      tracked.deliver(tracked.camera.packets(random.mutated(tracked.camera.coded(RED, i % 5 === 0))));
      tracked.advance(33_000);
      tracked.shown();
    }
    tracked.film(GREEN, 3, true);
    for (const colour of [BLUE, WHITE, RED, GREEN]) {
      tracked.film(colour);
      expect(about(tracked.shown())).toBe(colour);
    }
  });

  test('closed it takes nothing more; closing twice is legal', () => {
    const tracked = open({ codec });
    tracked.film(RED);
    tracked.track.close();
    tracked.track.close();
    tracked.film(GREEN, 3, true);
    expect(tracked.shown()).toBeUndefined();
    expect(tracked.track.decodedFrames).toBe(1);
  });
});

test('thirty pictures that cannot be decoded are told once, and key frames are asked for on and on', () => {
  const tracked = open({ codec: 'h264' });
  const noise = new Random(1);
  for (let i = 0; i < 400; i++) {
    const idr = Buffer.concat([Buffer.from([0x65]), noise.bytes(40)]);
    tracked.deliver([rtp({ sequence: i, rtpTimestamp: i * 3000, ssrc: 9, marker: true, payload: idr })]);
    tracked.advance(33_000);
  }
  expect(tracked.said).toEqual(['undecodable']);
  const last = tracked.keyFramesWanted.at(-1)!;
  expect(tracked.nowUs / 1000 - last).toBeLessThan(2500);
  expect(tracked.keyFramesWanted.length).toBeLessThan(12);
  tracked.camera.stream.sequence = 400;
  tracked.camera.stream.ssrc = 9;
  tracked.film(GREEN, 1, true);
  expect(about(tracked.shown())).toBe(GREEN);
  expect(tracked.said).toEqual(['undecodable', 'accepted']);
});

test('a key frame that announces 16383×16383 is refused by its header', () => {
  const tracked = open({ codec: 'vp8' });
  const head = [0x10, 0x10, 0x02, 0, 0x9d, 0x01, 0x2a, 0xff, 0x3f, 0xff, 0x3f];
  const payload = Buffer.concat([Buffer.from(head), Buffer.alloc(900)]);
  tracked.deliver([rtp({ sequence: 1, marker: true, payload })]);
  expect(tracked.said).toEqual(['picture-too-large']);
  expect(tracked.track.decodedFrames).toBe(0);
});

describe('B-frames', () => {
  const size = { width: 320, height: 180 };
  const lumas = Array.from({ length: 40 }, (_, i) => 30 + i * 5);

  test('are shown in their order, and no key frame is asked for', () => {
    const tracked = open({ codec: 'h264', ...size });
    const coded = encodeWithBFrames(size, lumas);
    expect(coded.some(({ at }, i) => at !== i)).toBe(true);
    const shown: number[] = [];
    for (const { data, at } of coded) {
      tracked.camera.rtpTimestamp = 1000 + at * 3000;
      tracked.deliver(tracked.camera.packets(data));
      tracked.advance(33_333);
      const luma = tracked.shown();
      if (luma !== undefined) shown.push(luma);
    }
    expect(tracked.keyFramesWanted).toEqual([]);
    expect(tracked.track.decodedFrames).toBeGreaterThan(30);
    expect(shown.length).toBeGreaterThan(25);
    expect(shown).toEqual([...shown].sort((a, b) => a - b));
  });
});

test('frames of which none is to be shown: after a while the decoder is given up, a key frame asked for', () => {
  const tracked = open({ codec: 'vp8' });
  for (let i = 0; i < 30; i++) {
    const coded = tracked.camera.coded(RED, i === 0);
    // show_frame of RFC 6386 9.1
    coded[0] = coded[0]! & ~0x10;
    tracked.deliver(tracked.camera.packets(coded));
    tracked.advance(33_333);
  }
  expect(tracked.track.decodedFrames).toBe(0);
  expect(tracked.keyFramesWanted).toHaveLength(1);
  tracked.film(GREEN, 1, true);
  expect(about(tracked.shown())).toBe(GREEN);
});
