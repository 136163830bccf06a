import { describe, expect, test } from '@jest/globals';
import { Clapper, goodNetwork as good, type Network, spread } from '../harness/clapper.ts';

describe('a flash and its beep', () => {
  test.each<[string, Network]>([
    ['on a good network', good],
    ['when pictures are 15 ms longer on their way', { ...good, videoPathMs: 40 }],
    ['when pictures are 50 ms longer on their way', { ...good, videoPathMs: 75 }],
    ['when pictures are 150 ms longer on their way', { ...good, videoPathMs: 175 }],
    ['when pictures are 500 ms longer on their way', { ...good, videoPathMs: 525 }],
    ['when sound is 80 ms longer on its way', { ...good, audioPathMs: 95 }],
    ['when sound is 500 ms longer on its way', { ...good, audioPathMs: 515 }],
    ['when both are half a second on their way', { ...good, audioPathMs: 515, videoPathMs: 525 }],
    ['with 30 ms of jitter', { ...good, jitterMs: 30, seed: 2 }],
    ['with 100 ms of jitter', { ...good, jitterMs: 100, seed: 4 }],
    ['with loss on both', { ...good, audioLoss: 0.03, videoLoss: 0.03, jitterMs: 10, seed: 3 }],
    ['from clocks 200 ppm fast', { ...good, ppm: 200 }],
    ['from clocks 200 ppm slow', { ...good, ppm: -200 }],
  ])('%s stay together (ITU-R BT.1359)', (_, network) => {
    // The first report comes after 2 s; five seconds later nobody notices anything any more.
    const { count, mean, min, max } = spread(new Clapper(network).run(19).slice(7));
    expect(count).toBeGreaterThan(8);
    expect(Math.abs(mean)).toBeLessThanOrEqual(40);
    // A late flash is early sound, which people notice sooner.
    expect(max).toBeLessThanOrEqual(45);
    expect(min).toBeGreaterThanOrEqual(-125);
  });
});
