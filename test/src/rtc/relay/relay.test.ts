import { afterEach, describe, expect, test } from '@jest/globals';
import { until } from '../../../harness/until.ts';
import { rtpPacket } from '../packets.ts';
import { mutate, seeded } from '../random.ts';
import { CameraPackets, Relayed } from './speaker.ts';

let relayed: Relayed;
const open = (...codecs: ConstructorParameters<typeof Relayed>): Relayed => {
  relayed = new Relayed(...codecs);
  return relayed;
};
afterEach(() => relayed.relay.close());

describe('pictures', () => {
  test('go on whole, as plain packets with their key frames marked', () => {
    const out = open('vp8');
    const camera = new CameraPackets(65_533);
    out.send('video', [...camera.picture(true), ...camera.picture(), ...camera.picture(true)]);
    expect(out.shapes).toEqual(['3k', '3', '3k']);
    expect(out.sequences).toEqual([65_533, 65_534, 65_535, 0, 1, 2, 3, 4, 5]);
    const [first, second] = out.pictures;
    expect(first!.packets[2]!.toString('hex')).toBe('8080fffffffff0000000000080808102' + '1002');
    expect((second!.rtpTimestamp - first!.rtpTimestamp) | 0).toBe(3_000);
  });

  test('come whole although their packets come in disorder, and twice', () => {
    const out = open('vp8');
    const camera = new CameraPackets(10);
    const [a, b, c] = camera.picture(true);
    const [d, e, f] = camera.picture();
    out.send('video', [a!, c!, Buffer.from(a!), b!, e!, Buffer.from(e!), f!, d!]);
    expect(out.shapes).toEqual(['3k', '3']);
    expect(out.breaks).toBe(0);
  });

  test('end at the next timestamp where the sender sets no marker', () => {
    const out = open('vp8');
    const camera = new CameraPackets(10);
    out.send('video', [...camera.picture(true, false), ...camera.picture(false, false), ...camera.picture()]);
    expect(out.shapes).toEqual(['3k', '3', '3']);
  });

  test('with a lost packet are waited for and asked for; then the gap goes on', async () => {
    const out = open('vp8');
    const camera = new CameraPackets(65_534);
    const [a, , c] = camera.picture(true);
    const startedMs = performance.now();
    out.send('video', [a!, c!, ...camera.picture()]);
    expect(out.shapes).toEqual([]);
    await until('it is asked for', () => out.nacks.length > 0);
    expect(out.nacks[0]).toEqual([65_535]);
    await until('the next goes on', () => out.pictures.length === 1);
    expect(performance.now() - startedMs).toBeGreaterThan(140);
    expect(out.sequences).toEqual([1, 2, 3]);
    expect(out.breaks).toBeGreaterThan(0);
    expect(out.nacks.length).toBeLessThanOrEqual(5);
  });

  test('that come again in time are not missed', async () => {
    const out = open('vp8');
    const camera = new CameraPackets(10);
    const [a, b, c] = camera.picture(true);
    out.send('video', [a!, c!, ...camera.picture()]);
    await until('it is asked for', () => out.nacks.length > 0);
    out.send('video', [b!]);
    expect(out.shapes).toEqual(['3k', '3']);
    expect(out.breaks).toBe(0);
  });

  test('whose beginning is missing are left out', async () => {
    const out = open('vp8');
    const camera = new CameraPackets(10);
    out.send('video', camera.picture(true));
    const [, d, e] = camera.picture();
    out.send('video', [d!, e!, ...camera.picture()]);
    await until('the next goes on', () => out.pictures.length === 2);
    expect(out.shapes).toEqual(['3k', '3']);
  });

  test('after a long gap are a new run, so that viewers do not take it for loss of their own', async () => {
    const out = open('vp8');
    const camera = new CameraPackets(10);
    out.send('video', camera.picture(true));
    camera.sequence += 20;
    out.send('video', camera.picture());
    await until('a short gap goes on', () => out.pictures.length === 2);
    expect(out.restarts).toEqual([]);
    const breaks = out.breaks;
    camera.sequence += 100;
    out.send('video', camera.picture());
    await until('a long gap goes on', () => out.pictures.length === 3);
    expect(out.restarts).toEqual(['video']);
    expect(out.breaks).toBeGreaterThan(breaks);
  });

  test('padding between them leaves no gap', () => {
    const out = open('vp8');
    const camera = new CameraPackets(10);
    out.send('video', [...camera.picture(true), camera.padding(), camera.padding(), ...camera.picture()]);
    expect(out.sequences).toEqual([10, 11, 12, 13, 14, 15]);
  });

  test('padding hides no loss in front of it', async () => {
    const out = open('vp8');
    const camera = new CameraPackets(10);
    out.send('video', camera.picture(true));
    const part = (marker: boolean, first: number) =>
      camera.packet(marker, [first, 0x80, 0x81, 0x02, 0x11, first]);
    const begun = part(false, 0x90);
    part(false, 0x80);
    const padding = camera.padding();
    const end = part(true, 0x80);
    camera.timestamp = (camera.timestamp + 3_000) >>> 0;
    out.send('video', [begun, padding, end, ...camera.picture()]);
    await until('the next goes on', () => out.sequences.includes(18));
    expect(out.shapes).toEqual(['3k', '3']);
    expect(out.breaks).toBeGreaterThan(0);
  });
});

test('a flood is cut off, and a picture that fits begins a new run', async () => {
  const out = open('vp8');
  const camera = new CameraPackets(10);
  const large = (keyFrame: boolean) => {
    const [first, ...rest] = camera.picture(keyFrame);
    return [first!, ...rest.map((packet) => Buffer.concat([packet, Buffer.alloc(1_200)]))];
  };
  out.send('video', large(true));
  // 1,000 kbit/s were asked for: of 5 MB at once four seconds' worth go on.
  for (let i = 0; i < 2_000; i++) out.send('video', large(false));
  const bytes = out.pictures
    .flatMap(({ packets }) => packets)
    .reduce((sum, packet) => sum + packet.length, 0);
  expect(bytes).toBeGreaterThan(800_000);
  expect(bytes).toBeLessThan(1_200_000);
  expect(out.breaks).toBeGreaterThan(0);
  const before = out.pictures.length;
  await until('a key frame fits', () => {
    out.send('video', camera.picture());
    expect(out.pictures).toHaveLength(before);
    out.send('video', camera.picture(true));
    return out.pictures.length > before;
  });
  expect(out.restarts).toEqual(['video']);
});

test('a flood of packets without content is cut off as well', () => {
  const out = open('opus');
  const packets = Array.from({ length: 3_000 }, (_, i) =>
    rtpPacket({ payloadType: 111, sequence: i, timestamp: i * 120, payload: Buffer.from([0x78, 1]) }),
  );
  out.send('audio', packets);
  // Two seconds of 510 kbit/s, four times: 510,000 bytes, of which each counts for 400.
  expect(out.pictures.length).toBeGreaterThan(1_200);
  expect(out.pictures.length).toBeLessThan(1_600);
});

describe('a sender that begins anew', () => {
  test('with another SSRC restarts the source at once', () => {
    const out = open('vp8');
    out.send('video', new CameraPackets(10).picture(true));
    out.send('video', new CameraPackets(40_000, 8).picture(true));
    expect(out.restarts).toEqual(['video']);
    expect(out.sequences).toEqual([10, 11, 12, 40_000, 40_001, 40_002]);
  });

  test('with other numbers does so when two packets agree; one alone is nobody', () => {
    const out = open('vp8');
    const camera = new CameraPackets(10);
    const jumped = new CameraPackets(30_000);
    out.send('video', [...camera.picture(true), jumped.picture()[0]!, ...camera.picture()]);
    expect(out.restarts).toEqual([]);
    out.send('video', [...jumped.picture(true), ...jumped.picture(true)]);
    expect(out.restarts).toEqual(['video']);
    expect(out.shapes).toEqual(['3k', '3', '3k']);
  });

  test('again and again makes few restarts', () => {
    const out = open('vp8');
    for (let ssrc = 1; ssrc < 200; ssrc++) out.send('video', new CameraPackets(10, ssrc).picture(true));
    expect(out.restarts.length).toBeLessThanOrEqual(6);
  });
});

describe('sound', () => {
  const opus = (sequence: number): Buffer =>
    rtpPacket({ payloadType: 111, sequence, timestamp: sequence * 960, payload: Buffer.from([0x78, 1]) });

  test('goes on at once, one packet each', () => {
    const out = open('opus');
    out.send('audio', [1, 2, 3].map(opus));
    expect(out.sequences).toEqual([1, 2, 3]);
    expect(out.pictures.map(({ media }) => media)).toEqual(['audio', 'audio', 'audio']);
  });

  test('out of order is put right, and what is lost holds up the rest no longer than that', async () => {
    const out = open('opus');
    out.send('audio', [1, 3, 2, 5, 6].map(opus));
    expect(out.sequences).toEqual([1, 2, 3]);
    const startedMs = performance.now();
    await until('the rest goes on', () => out.pictures.length === 5);
    expect(performance.now() - startedMs).toBeLessThan(120);
    expect(out.breaks).toBe(0);
  });

  test('after a long gap is a new run', async () => {
    const out = open('opus');
    out.send('audio', [1, 6, 7].map(opus));
    await until('a short gap goes on', () => out.pictures.length === 3);
    expect(out.restarts).toEqual([]);
    out.send('audio', [57, 58].map(opus));
    await until('a long gap goes on', () => out.pictures.length === 5);
    expect(out.restarts).toEqual(['audio']);
  });

  test('that is switched off is dropped, and begins anew when it is on', () => {
    const out = open('opus', 'vp8');
    out.send('audio', [opus(1)]);
    out.relay.pass({ audio: false, video: true });
    out.send('audio', [opus(2), opus(3)]);
    out.relay.pass({ audio: true, video: true });
    out.send('audio', [opus(4)]);
    expect(out.sequences).toEqual([1, 4]);
    expect(out.restarts).toEqual(['audio']);
  });
});

test('a codec that no viewer could be sent is left out', () => {
  const out = open('opus', 'vp8');
  expect(out.relay.tracks.map(({ codec }) => codec)).toEqual(['opus', 'vp8']);
});

test('50,000 mutated packets raise nothing, and the camera goes on (seed 4)', async () => {
  const out = open('vp8', 'opus');
  const random = seeded(4);
  const camera = new CameraPackets(10);
  for (let i = 0; i < 50_000; i += 3) {
    for (const packet of camera.picture(i % 300 === 0)) out.send('video', [mutate(packet, random)]);
  }
  const before = out.pictures.length;
  const fresh = new CameraPackets(20_000, 77);
  await until('the camera goes on', () => {
    out.send('video', fresh.picture(true));
    return out.pictures.length > before;
  });
});
