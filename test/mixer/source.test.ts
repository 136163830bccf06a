import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { AudioTrack } from '../../mixer/audio/audioTrack.ts';
import type { AddTrack, FromMixer } from '../../mixer/protocol/control.ts';
import { Source } from '../../mixer/source.ts';
import { VideoTrack } from '../../mixer/video/videoTrack.ts';
import { Camera, RED } from './harness/camera.ts';

const add = (track: number, codec: AddTrack['codec']): AddTrack => ({
  type: 'add-track',
  track,
  participant: 'ada',
  kind: 'camera',
  codec,
  clockRate: codec === 'opus' ? 48_000 : 90_000,
});

let source: Source;
let said: FromMixer[];
beforeEach(() => {
  source = new Source('ada', 'camera');
  said = [];
});
afterEach(() => {
  source.close();
});
const join = (track: number, codec: AddTrack['codec']) =>
  source.add(add(track, codec), 1e6, (message) => said.push(message));

test('holds one track of sound and one of pictures, and is empty without', () => {
  expect(source.empty).toBe(true);
  const sound = join(1, 'opus');
  const picture = join(2, 'vp8');
  expect(sound).toBeInstanceOf(AudioTrack);
  expect(picture).toBeInstanceOf(VideoTrack);
  expect([source.audio, source.video]).toEqual([sound, picture]);
  source.remove(sound);
  expect(source.empty).toBe(false);
  source.remove(picture);
  expect(source.empty).toBe(true);
});

test('a second track of pictures replaces the first, which is told nothing more and says nothing more', () => {
  const camera = new Camera({ codec: 'vp8', width: 64, height: 48 });
  camera.coded(RED);
  const first = join(2, 'vp8') as VideoTrack;
  const second = join(3, 'vp8') as VideoTrack;
  for (const packet of camera.shoot(RED)) {
    first.push(packet, 1);
    second.push(packet, 1);
  }
  first.decode(1);
  second.decode(1);
  expect(said).toEqual([{ type: 'key-frame-wanted', track: 3 }]);
  // The late end of the first must not end the second.
  source.remove(first);
  expect(source.video).toBe(second);
  camera.close();
});

test('what its tracks say carries their number', () => {
  const camera = new Camera({ codec: 'vp8', width: 64, height: 48 });
  const track = source.add(add(9, 'vp8'), 100, (message) => said.push(message)) as VideoTrack;
  for (const packet of camera.shoot(RED)) track.push(packet, 1);
  track.decode(1);
  expect(said[0]).toMatchObject({ type: 'refused', track: 9, code: 'picture-too-large' });
  camera.close();
});

test('closing twice is legal, and empties it', () => {
  join(1, 'opus');
  join(2, 'h264');
  source.close();
  source.close();
  expect(source.empty).toBe(true);
});
