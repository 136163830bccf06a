import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { giveFrame, takeFrame } from '../../../mixer/video/framePool.ts';
import { type PictureSource, SourcePictures } from '../../../mixer/video/sourcePictures.ts';
import '../harness/quiet.ts';

/** A source whose pictures are due when the test says so. */
class Slides implements Omit<PictureSource, 'decode'> {
  brokenSinceUs: number | undefined;
  next: number | undefined;

  due() {
    if (this.next === undefined) return null;
    const arrivalUs = this.next;
    this.next = undefined;
    return { frame: takeFrame(), captureUs: arrivalUs, arrivalUs };
  }
}

let pictures: SourcePictures;
let slides: Slides;
let sources: Map<string, Slides>;
beforeEach(() => {
  pictures = new SourcePictures();
  slides = new Slides();
  sources = new Map([['a', slides]]);
});
afterEach(() => pictures.close());

test('there is none before the first, then the newest, each with a version of its own', () => {
  pictures.advance(0, sources);
  expect(pictures.get('a')).toBeUndefined();
  const versions = [5, 6, 7].map((arrivalUs) => {
    slides.next = arrivalUs;
    pictures.advance(0, sources);
    expect(pictures.get('a')!.arrivalUs).toBe(arrivalUs);
    pictures.advance(0, sources);
    return pictures.get('a')!.version;
  });
  expect(new Set(versions).size).toBe(3);
});

test('a source that comes again does not begin with a version that was there', () => {
  slides.next = 1;
  pictures.advance(0, sources);
  const before = pictures.get('a')!.version;
  pictures.drop('a');
  pictures.drop('a');
  expect(pictures.get('a')).toBeUndefined();
  slides.next = 2;
  pictures.advance(0, sources);
  expect(pictures.get('a')!.version).not.toBe(before);
});

test('a picture that cannot follow is broken after a second, until the next one', () => {
  slides.next = 1;
  pictures.advance(0, sources);
  slides.brokenSinceUs = 1e6;
  pictures.advance(1.9e6, sources);
  expect(pictures.get('a')!.broken).toBe(false);
  pictures.advance(2.1e6, sources);
  expect(pictures.get('a')!.broken).toBe(true);
  slides.brokenSinceUs = undefined;
  slides.next = 2;
  pictures.advance(2.2e6, sources);
  expect(pictures.get('a')!.broken).toBe(false);
});

test('the frame before is given back for the next picture', () => {
  slides.next = 1;
  pictures.advance(0, sources);
  const { frame } = pictures.get('a')!;
  slides.next = 2;
  pictures.advance(0, sources);
  const again = takeFrame();
  expect(again).toBe(frame);
  giveFrame(again);
});
