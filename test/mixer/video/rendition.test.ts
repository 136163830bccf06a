import { describe, expect, test } from '@jest/globals';
import { Rendition } from '../../../mixer/video/rendition.ts';

const PERIOD_US = 1e6 / 30;
const START_US = 7_123_456;

/** Times of key frames among pictures at 30/s, from the second picture on; the first is always one. */
function keyFrames(rendition: Rendition, seconds: number, asked: (index: number) => boolean = () => false) {
  const times: number[] = [];
  rendition.takeKeyFrame(START_US);
  for (let index = 1; index <= seconds * 30; index++) {
    if (asked(index)) rendition.requestKeyFrame();
    const ptsUs = START_US + index * PERIOD_US;
    if (rendition.takeKeyFrame(ptsUs)) times.push(ptsUs);
  }
  return times;
}

describe('key frames by the clock', () => {
  test('none without being asked', () => {
    expect(keyFrames(new Rendition(1, 'h264'), 10)).toEqual([]);
  });

  test('the first picture at or after each multiple, however often others are asked for', () => {
    const rendition = new Rendition(1, 'h264');
    rendition.keyFrameEvery(2_000_000);
    const times = keyFrames(rendition, 20, (index) => index % 7 === 0);
    for (let multiple = 8_000_000; multiple < START_US + 20e6; multiple += 2_000_000) {
      const found = times.filter((time) => time >= multiple && time < multiple + PERIOD_US);
      expect(found).toHaveLength(1);
    }
  });

  test('a multiple that falls into left-out pictures is made up for with the next one', () => {
    const rendition = new Rendition(1, 'h264');
    rendition.keyFrameEvery(2_000_000);
    expect([7_900_000, 8_300_000, 8_333_333].map((ptsUs) => rendition.takeKeyFrame(ptsUs))).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('they end when told', () => {
    const rendition = new Rendition(1, 'vp8');
    rendition.keyFrameEvery(2_000_000);
    expect(keyFrames(rendition, 3)).toHaveLength(2);
    rendition.keyFrameEvery(0);
    expect(rendition.takeKeyFrame(60_000_001)).toBe(false);
  });
});
