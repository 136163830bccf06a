import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AudioRendition } from '../../../mixer/audio/audioRendition.ts';
import { BLOCK_US } from '../../../mixer/audio/format.ts';
import { LOOKAHEAD_US } from '../../../mixer/audio/limiter.ts';
import { Mix } from '../../../mixer/audio/mix.ts';
import { OpusDecoder } from '../../../mixer/audio/opusDecoder.ts';
import { readPicture } from '../../../mixer/protocol/picture.ts';
import { parseRtp } from '../../../mixer/rtp/packet.ts';
import { Listener } from '../harness/listener.ts';
import { Microphone, type SoundPacket } from '../harness/microphone.ts';
import { amplitudeAt, db, joined, peak } from '../harness/sound.ts';

/** Speakers with a tone each, one mix, and listeners to coded renditions of it. */
class Booth {
  readonly mix = new Mix();
  readonly tracks: { participant: string; listener: Listener; hz: number; packets: SoundPacket[] }[] = [];
  readonly renditions: AudioRendition[] = [];
  readonly #decoders = new Map<AudioRendition, OpusDecoder>();
  readonly #heard = new Map<AudioRendition, Float32Array[]>();
  readonly pictures: Buffer[] = [];
  nowUs = 1e9;

  speaker(participant: string, hz: number, amplitude = 0.25, ms = 2600): Listener {
    const listener = new Listener();
    const microphone = new Microphone({ hz, amplitude });
    const packets = microphone.recordFor(ms);
    microphone.close();
    this.tracks.push({ participant, listener, hz, packets });
    return listener;
  }

  listen(without?: string): AudioRendition {
    const rendition = new AudioRendition(this.renditions.length, 96, without);
    this.renditions.push(rendition);
    this.#decoders.set(rendition, new OpusDecoder());
    this.#heard.set(rendition, []);
    return rendition;
  }

  run(ms: number): void {
    for (const endUs = this.nowUs + ms * 1000; this.nowUs < endUs; ) {
      this.nowUs += BLOCK_US;
      for (const { packets, listener } of this.tracks) {
        const sent = packets.shift();
        if (sent) listener.track.push(sent.packet, this.nowUs - 5000);
      }
      this.mix.advance(
        this.tracks.map(({ participant, listener }) => ({ participant, track: listener.track })),
        this.nowUs,
      );
      for (const rendition of this.renditions) this.#encode(rendition);
    }
  }

  heard(rendition: AudioRendition): Float32Array {
    return joined(this.#heard.get(rendition)!);
  }

  close(): void {
    for (const rendition of this.renditions) {
      rendition.close();
      rendition.close();
      this.#decoders.get(rendition)!.close();
    }
    for (const { listener } of this.tracks) listener.track.close();
  }

  #encode(rendition: AudioRendition): void {
    const sound = rendition.push(this.mix.sum, this.mix.own(rendition.without), this.nowUs)!;
    if (rendition === this.renditions[0]) this.pictures.push(sound.picture);
    const samples = this.#decoders.get(rendition)!.decode(sound.data)!;
    this.#heard.get(rendition)!.push(Float32Array.from(samples));
  }
}

let booth: Booth;
beforeEach(() => {
  booth = new Booth();
});
afterEach(() => {
  booth.close();
});
/** Level of a tone in what was heard after the beginning, against the level it was spoken with. */
const levelDb = (rendition: AudioRendition, hz: number, spoken = 0.25) =>
  db(amplitudeAt(booth.heard(rendition).subarray(67_200), hz) / spoken);

describe('three speakers', () => {
  beforeEach(() => {
    booth.speaker('ada', 500);
    booth.speaker('bob', 900);
    booth.speaker('cleo', 1700);
  });

  test('a viewer hears all of them', () => {
    const viewer = booth.listen();
    booth.run(2500);
    for (const hz of [500, 900, 1700]) expect(Math.abs(levelDb(viewer, hz))).toBeLessThan(1);
  });

  test('each hears the others and not themselves', () => {
    const listeners = ['ada', 'bob', 'cleo'].map((name) => booth.listen(name));
    booth.run(2500);
    for (const [index, listener] of listeners.entries()) {
      for (const [other, { hz }] of booth.tracks.entries()) {
        if (other === index) expect(levelDb(listener, hz)).toBeLessThan(-60);
        else expect(Math.abs(levelDb(listener, hz))).toBeLessThan(1);
      }
    }
  });

  test('one who is not there hears everybody, and silence is own sound of nobody', () => {
    const listener = booth.listen('dan');
    booth.run(2500);
    for (const hz of [500, 900, 1700]) expect(Math.abs(levelDb(listener, hz))).toBeLessThan(1);
    expect(booth.mix.own('dan')).toBeNull();
    expect(booth.mix.own(undefined)).toBeNull();
  });

  test('a camera and a screen of one person are both their own', () => {
    booth.speaker('ada', 3100);
    const ada = booth.listen('ada');
    booth.run(2500);
    expect(levelDb(ada, 500)).toBeLessThan(-60);
    expect(levelDb(ada, 3100)).toBeLessThan(-60);
    expect(Math.abs(levelDb(ada, 900))).toBeLessThan(1);
  });

  test('who is muted is not heard, by anybody', () => {
    booth.tracks[0]!.listener.track.gain = 0;
    const viewer = booth.listen();
    booth.run(2500);
    expect(levelDb(viewer, 500)).toBeLessThan(-60);
    expect(Math.abs(levelDb(viewer, 900))).toBeLessThan(1);
  });
});

test('ten loud talkers do not clip, and who leaves one out hears the nine', () => {
  for (let i = 0; i < 10; i++) booth.speaker(`p${i}`, 300 + 190 * i, 0.95, 2000);
  const viewer = booth.listen();
  const first = booth.listen('p0');
  booth.run(1800);
  // Coding rings a little over what the limiter let through.
  expect(peak(booth.heard(viewer))).toBeLessThan(1.06);
  const of = (hz: number) => amplitudeAt(booth.heard(first).subarray(67_200), hz);
  expect(db(of(300) / of(490))).toBeLessThan(-40);
});

test('with nobody there is silence, in packets that go on', () => {
  const viewer = booth.listen();
  booth.run(400);
  expect(peak(booth.heard(viewer))).toBeLessThan(0.001);
  expect(booth.pictures).toHaveLength(20);
});

test('packets count on: sequence by 1, time by 960, and the time is that of the sound', () => {
  booth.listen();
  booth.run(400);
  const pictures = booth.pictures.map(readPicture);
  for (const [index, { packets, rtpTimestamp, ptsUs, keyFrame }] of pictures.entries()) {
    const packet = parseRtp(packets[0]!, 0)!;
    expect(packets).toHaveLength(1);
    expect([packet.sequence, packet.rtpTimestamp, keyFrame]).toEqual([index, rtpTimestamp, true]);
    expect(rtpTimestamp).toBe((pictures[0]!.rtpTimestamp + 960 * index) % 2 ** 32);
    expect(ptsUs).toBe(1e9 + BLOCK_US * (index + 1) - LOOKAHEAD_US);
    expect(Math.abs(rtpTimestamp - ((ptsUs * 0.048) % 2 ** 32))).toBeLessThan(2);
  }
});
