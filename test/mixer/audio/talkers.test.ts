import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { BLOCK_LENGTH } from '../../../mixer/audio/format.ts';
import { Booth } from '../harness/booth.ts';
import { LoudnessMeter } from '../harness/meter.ts';
import { Microphone } from '../harness/microphone.ts';
import '../harness/quiet.ts';
import { peak } from '../harness/sound.ts';
import { sideBySide, tile } from '../harness/stage.ts';
import { Voice } from '../harness/voice.ts';

/** As rooms code their sound, and as they do for viewers whose network loses packets. */
const codings = [
  ['as usual', { kbps: 64 }],
  ['with error correction', { kbps: 64, fecLossPercent: 10 }],
] as const;

/** Peak of a voice whose fundamental has an amplitude of 1. */
const CREST = 1.86;

let booth: Booth;
beforeEach(() => {
  booth = new Booth();
});
afterEach(() => {
  booth.close();
});

/** Somebody who talks instead of humming, as a browser codes them. */
function talk(participant: string, voice: Voice): void {
  const speaker = booth.speak(participant, 0);
  speaker.microphone.close();
  speaker.microphone = new Microphone({ hz: 0, channels: 1, kbps: 32, voice });
}

describe.each(codings)('coded %s', (_, coding) => {
  test('ten who talk at full scale, all at once, stay below −1 dBFS, in the middle and side by side', () => {
    const names = Array.from({ length: 10 }, (_, i) => `p${i}`);
    for (const [i, name] of names.entries()) {
      talk(name, new Voice({ hz: 95 + 17 * i, amplitude: 1 / CREST, seed: i + 1 }));
    }
    booth.desk.place('program', sideBySide(...names.map((name) => tile(name))));
    const listeners = [undefined, 'p0'].map((without) => booth.listen(without, 'program', coding));
    for (const [automaticGain, panning] of [
      [false, false],
      [true, false],
      [true, true],
    ] as const) {
      booth.desk.set({ duckingDb: 12, automaticGain, panning });
      booth.run(2500);
      for (const listener of listeners) {
        const sound = booth.take(listener);
        expect(peak(sound)).toBeLessThanOrEqual(10 ** (-1 / 20));
        // Held, not silenced.
        expect(peak(sound.subarray(-48_000))).toBeGreaterThan(0.4);
      }
    }
  });

  test('a quiet and a loud one are within 3 LU of each other five seconds after they began', () => {
    const loudness = [0.01, 0.1, 1 / CREST].map((amplitude) => {
      const room = new Booth();
      room.desk.set({ duckingDb: 12, automaticGain: true, panning: true });
      room.desk.place('program', [tile('ada', { x: 0, w: 0.2 })]);
      const speaker = room.speak('ada', 0);
      speaker.microphone.close();
      speaker.microphone = new Microphone({ hz: 0, channels: 1, voice: new Voice({ amplitude }) });
      const listener = room.listen(undefined, 'program', coding);
      const meter = new LoudnessMeter();
      const sound = room.run(5000).take(listener);
      for (let at = 0; at < sound.length; at += BLOCK_LENGTH) {
        meter.push(sound.subarray(at, at + BLOCK_LENGTH));
      }
      room.close();
      return meter.shortTerm;
    });
    expect(Math.max(...loudness) - Math.min(...loudness)).toBeLessThan(3);
    for (const each of loudness) expect(Math.abs(each + 20.5)).toBeLessThan(2.5);
  });
});
