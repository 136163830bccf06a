import { expect, test } from '@jest/globals';
import { hidden, Motion, samePose, shown } from '../../../mixer/video/motion.ts';
import { Random } from '../harness/random.ts';

const rectangle = (random: Random) => ({
  x: 2 * random.below(600),
  y: 2 * random.below(300),
  width: 2 + 2 * random.below(300),
  height: 2 + 2 * random.below(200),
});

test('begins where it was, ends where it is to be, in even pixels and never without size between', () => {
  const random = new Random(4);
  for (let i = 0; i < 200; i++) {
    const [from, to] = [shown(rectangle(random)), hidden(rectangle(random))];
    const motion = new Motion(from, to, 1000, 250_000);
    expect(samePose(motion.at(1000), from)).toBe(true);
    expect(samePose(motion.at(251_000), to)).toBe(true);
    expect(samePose(motion.at(9e9), to)).toBe(true);
    let opacity = 256;
    for (let us = 1000; us < 251_000; us += 8333) {
      expect(motion.over(us)).toBe(false);
      const pose = motion.at(us);
      const { x, y, width, height } = pose.rect;
      expect([x, y, width, height].every((value) => value % 2 === 0)).toBe(true);
      expect(width >= 2 && height >= 2).toBe(true);
      expect(x >= Math.min(from.rect.x, to.rect.x) && x <= Math.max(from.rect.x, to.rect.x)).toBe(true);
      expect(pose.opacity).toBeLessThanOrEqual(opacity);
      opacity = pose.opacity;
    }
    expect(motion.over(251_000)).toBe(true);
  }
});

test('stays inside the canvas where both ends are', () => {
  const motion = new Motion(
    shown({ x: 0, y: 0, width: 1280, height: 720 }),
    shown({ x: 1278, y: 718, width: 2, height: 2 }),
    0,
    1e6,
  );
  for (let us = 0; us <= 1e6; us += 1000) {
    const { x, y, width, height } = motion.at(us).rect;
    expect(x + width).toBeLessThanOrEqual(1280);
    expect(y + height).toBeLessThanOrEqual(720);
  }
});

test('without a duration it is over at once', () => {
  const to = shown({ x: 2, y: 2, width: 4, height: 4 });
  const motion = new Motion(hidden(to.rect), to, 5, 0);
  expect(motion.over(5)).toBe(true);
  expect(motion.at(5)).toBe(to);
});
