import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { OpusDecoder } from '../../mixer/audio/opusDecoder.ts';
import { panOf } from '../../mixer/audio/panner.ts';
import type { ToMixer } from '../../mixer/protocol/control.ts';
import { parseRtp } from '../../mixer/rtp/packet.ts';
import { Microphone } from './harness/microphone.ts';
import { MixerChild } from './harness/mixerChild.ts';
import { amplitudeAt, db, joined } from './harness/sound.ts';
import { sideBySide, tile } from './harness/stage.ts';

// Sound comes at its real pace.
jest.setTimeout(20_000);

const people = [
  { participant: 'ada', hz: 600 },
  { participant: 'bob', hz: 1700 },
];

let mixer: MixerChild;
let stop = () => {};
beforeEach(async () => {
  mixer = new MixerChild();
  const ready = mixer.next('ready');
  mixer.send({ type: 'configure', canvas: { width: 320, height: 180, fps: 30 }, maxPixels: 640 * 360 });
  await ready;
  stop = talk();
});
afterEach(async () => {
  stop();
  mixer.channel.destroy();
  await mixer.exited;
});

/** A tone from each, a packet each 20 ms, until what is given back is called. */
function talk(): () => void {
  const microphones = people.map(({ hz }) => new Microphone({ hz, amplitude: 0.2, channels: 1 }));
  const timer = setInterval(() => {
    for (const [track, microphone] of microphones.entries()) mixer.rtp(track, [microphone.record().packet]);
  }, 20);
  return () => {
    clearInterval(timer);
    for (const microphone of microphones) microphone.close();
  };
}

const join = (): ToMixer[] =>
  people.map(({ participant }, track) => {
    return { type: 'add-track', track, participant, kind: 'camera', codec: 'opus', clockRate: 48_000 };
  });
const listen = (encoder: number, without?: string): ToMixer => {
  return { type: 'start-encoder', encoder, media: 'audio', codec: 'opus', kbps: 96, without };
};
const sound = (panning: boolean): ToMixer => {
  return { type: 'sound', duckingDb: 0, automaticGain: false, panning };
};
const scene = (...order: string[]): ToMixer => {
  const tiles = sideBySide(...order.map((name) => tile(name)));
  return { type: 'scene', scene: { tiles, slate: { title: '', text: '' } } };
};

/** What is heard of an encoder's next two seconds, but for the first while everything settles. */
async function heard(encoder: number): Promise<Float32Array> {
  const pictures = await mixer.media(encoder, 100);
  const decoder = new OpusDecoder();
  const blocks = pictures.map(({ packets }) =>
    Float32Array.from(decoder.decode(parseRtp(packets[0]!, 0)!.payload)!),
  );
  decoder.close();
  return joined(blocks.slice(-50));
}

const levelsDb = (samples: Float32Array, hz: number) =>
  [samples, samples.subarray(1)].map((side) => db(amplitudeAt(side, hz) / 0.2));
const rightDb = (samples: Float32Array, hz: number) => {
  const [left, right] = levelsDb(samples, hz);
  return right! - left!;
};

test('a mixer pans who stands beside whom, when it is told to, and leaves each out of their own sound', async () => {
  mixer.send(...join(), sound(false), scene('ada', 'bob'), listen(7), listen(8, 'ada'));
  const before = await heard(7);
  for (const { hz } of people) expect(Math.abs(rightDb(before, hz))).toBeLessThan(0.3);

  mixer.send(sound(true));
  const outDb = db((1 + panOf({ x: 0.5, w: 0.5 })) / (1 - panOf({ x: 0.5, w: 0.5 })));
  const [program, minus] = await Promise.all([heard(7), heard(8)]);
  expect(rightDb(program, 600)).toBeCloseTo(-outDb, 0);
  expect(rightDb(program, 1700)).toBeCloseTo(outDb, 0);
  for (const level of levelsDb(minus, 600)) expect(level).toBeLessThan(-50);
  expect(rightDb(minus, 1700)).toBeCloseTo(outDb, 0);

  mixer.send(scene('bob', 'ada'));
  const turned = await heard(7);
  expect(rightDb(turned, 600)).toBeCloseTo(outDb, 0);
  expect(rightDb(turned, 1700)).toBeCloseTo(-outDb, 0);
});
