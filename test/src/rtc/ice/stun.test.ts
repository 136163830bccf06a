import { expect, test } from '@jest/globals';
import {
  integrityHolds,
  parseStun,
  StunType,
  writeCheck,
  writeSuccess,
} from '../../../../src/rtc/ice/stun.ts';
import { mutate, seeded } from '../random.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');

test('the sample request of RFC 5769 2.1 is authentic', () => {
  const packet = hex(
    `000100582112a442b7e7a701bc34d686fa87dfae
     802200105354554e207465737420636c69656e74
     002400046e0001ff80290008932ff9b151263b36
     00060009 6576746a3a68367659202020
     000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2
     80280004e57a3bcf`,
  );
  const message = parseStun(packet)!;
  expect(message).toMatchObject({
    type: StunType.REQUEST,
    username: 'evtj:h6vY',
    priority: 0x6e0001ff,
    controlled: true,
  });
  expect(integrityHolds(packet, message, 'VOkJxbRl1RmTxUk/WvJxBt')).toBe(true);
  expect(integrityHolds(packet, message, 'VOkJxbRl1RmTxUk/WvJxBu')).toBe(false);
});

test('what we write we can read, and the mapped address is coded as in RFC 5769 2.2', () => {
  const transaction = hex('b7e7a701bc34d686fa87dfae');
  const success = writeSuccess(transaction, '192.0.2.1', 32_853, 'secret');
  expect(success.includes(hex('0001a147e112a643'))).toBe(true);
  const check = writeCheck(transaction, 'a:b', 'secret', 5, Buffer.alloc(8));
  const message = parseStun(check)!;
  expect(message).toMatchObject({ username: 'a:b', priority: 5, transaction: transaction.toString('hex') });
  expect(integrityHolds(check, message, 'secret')).toBe(true);
});

test('a message without integrity holds with no password', () => {
  const bare = hex('000100002112a442b7e7a701bc34d686fa87dfae');
  expect(integrityHolds(bare, parseStun(bare)!, '')).toBe(false);
});

test('20,000 mutated messages never throw, and none is authentic (seed 8)', () => {
  const random = seeded(8);
  const check = writeCheck(Buffer.alloc(12, 7), 'remote:local', 'secret', 5, Buffer.alloc(8));
  const covered = check.length - 8;
  let authentic = 0;
  for (let i = 0; i < 20_000; i++) {
    const packet = mutate(check, random);
    const message = parseStun(packet);
    if (message === null || packet.subarray(0, covered).equals(check.subarray(0, covered))) continue;
    if (integrityHolds(packet, message, 'secret')) authentic++;
  }
  expect(authentic).toBe(0);
});
