import { describe, expect, test } from '@jest/globals';
import type { ReadPicture } from '../../../../src/rtc/deliver/pictureReader.ts';
import { Rounds } from '../../../../src/rtc/deliver/rounds.ts';

/** A picture of so many packets; `rtpTimestamp` tells it from others. */
const picture = (packets: number, rtpTimestamp: number): ReadPicture => ({
  buffer: Buffer.alloc(0),
  keyFrame: false,
  rtpTimestamp,
  ptsUs: 0,
  bounds: new Array(packets * 2).fill(0),
});

const viewers = Array.from({ length: 100 }, (_, i) => i);
const turn = () => new Promise((resolve) => setImmediate(resolve));

class Heard {
  readonly pictures = new Map<number, number[]>();
  readonly rounds = new Rounds<number>((to, { rtpTimestamp }) => {
    this.pictures.set(to, [...(this.pictures.get(to) ?? []), rtpTimestamp]);
  });

  get times(): number {
    return [...this.pictures.values()].flat().length;
  }
}

describe('pictures for many', () => {
  test('small ones go to everybody at once', () => {
    const heard = new Heard();
    heard.rounds.push(picture(5, 1), viewers, 0);
    expect(heard.times).toBe(100);
  });

  test('a large one goes in parts, and the ones behind it wait for their turn', async () => {
    const heard = new Heard();
    heard.rounds.push(picture(60, 1), viewers, 0);
    heard.rounds.push(picture(1, 2), viewers, 0);
    expect(heard.times).toBe(10);
    let turns = 0;
    for (; heard.times < 200; turns++) await turn();
    expect(turns).toBeGreaterThanOrEqual(9);
    for (const viewer of viewers) expect(heard.pictures.get(viewer)).toEqual([1, 2]);
  });

  test('when too many wait they are all sent, so that the queue has an end', () => {
    const heard = new Heard();
    for (let i = 0; i < 7; i++) heard.rounds.push(picture(60, i), viewers, 0);
    expect(heard.times).toBe(100);
    for (const [, pictures] of heard.pictures) expect(pictures).toEqual(pictures.toSorted((a, b) => a - b));
  });

  test('what was given up is not sent', async () => {
    const heard = new Heard();
    heard.rounds.push(picture(60, 1), viewers, 0);
    heard.rounds.clear();
    await turn();
    expect(heard.times).toBe(10);
    heard.rounds.push(picture(1, 2), viewers, 0);
    expect(heard.times).toBe(110);
  });
});
