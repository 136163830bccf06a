import { describe, expect, test } from '@jest/globals';
import { Renditions } from '../../../src/live/renditions.ts';

const video = { width: 1280, height: 720, fps: 30, codec: 'vp8', kbps: 2000 } as const;
const renditions = new Renditions('lab', video, 64);

describe('what a room can be asked for', () => {
  test('a ladder of pictures in both codecs, each of which is found by its name', () => {
    const feed = renditions.feed();
    expect(feed.vp8).toEqual([
      { source: 'lab/program/vp8', height: 720, kbps: 2000 },
      { source: 'lab/program/vp8/360', height: 360, kbps: 600 },
      { source: 'lab/program/vp8/180', height: 180, kbps: 180 },
    ]);
    expect(feed.h264?.map(({ source }) => renditions.named(source)?.spec)).toMatchObject([
      { codec: 'h264', width: 1280, height: 720, fps: 30, kbps: 2000 },
      { codec: 'h264', width: 640, height: 360, fps: 30, kbps: 600 },
      { codec: 'h264', width: 320, height: 180, fps: 30, kbps: 180 },
    ]);
    expect(renditions.named('lab/program/vp8/90')).toBeUndefined();
  });

  test('the same of what those on stage see, under names of its own', () => {
    const [top] = renditions.feed('stage').vp8!;
    expect(top!.source).toBe('lab/stage/vp8');
    expect(renditions.named('lab/stage/vp8')?.spec).toMatchObject({ program: 'stage', height: 720 });
    expect(renditions.picture('vp8').spec).not.toHaveProperty('program');
  });

  test('sound for everybody and for each who shall not hear themselves', () => {
    const sources = [
      renditions.sound(),
      renditions.sound('ada'),
      renditions.sound(undefined, 'stage'),
      renditions.sound('ada', 'stage'),
    ];
    expect(sources.map(({ source }) => source)).toEqual([
      ...['lab/program/opus', 'lab/minus/ada', 'lab/stage/opus', 'lab/stage/minus/ada'],
    ]);
    expect(sources[3]!.spec).toMatchObject({ program: 'stage', without: 'ada', kbps: 64 });
  });
});
