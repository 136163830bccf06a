import { describe, expect, test } from '@jest/globals';
import {
  checkedAddress,
  isAllowed,
  isPublic,
  LookupProblem,
} from '../../../../src/egress/outputs/addresses.ts';

const outside = ['8.8.8.8', '1.1.1.1', '172.32.0.1', '2606:4700::1111', '::ffff:8.8.8.8'];
const inside = [
  '10.0.0.1',
  '127.0.0.1',
  '127.9.9.9',
  '172.16.0.1',
  '192.168.1.1',
  '100.64.0.1',
  '::1',
  'fd00::1',
];
const special = [
  ...['169.254.169.254', '0.0.0.0', '224.0.0.1', '255.255.255.255', '240.0.0.1', 'fe80::1', 'ff02::1', '::'],
  ...['64:ff9b::7f00:1', '2002:7f00:1::', '::ffff:169.254.169.254', '::ffff:a9fe:a9fe'],
];

describe('addresses', () => {
  test.each(outside)('%s is public', (address) => expect(isPublic(address)).toBe(true));
  test.each([...inside, ...special, '::ffff:127.0.0.1', '::ffff:7f00:1', 'no address'])(
    '%s is not',
    (address) => {
      expect(isPublic(address)).toBe(false);
      expect(isAllowed(address, address, 'off')).toBe(false);
    },
  );

  test.each(inside)('%s may be allowed', (address) => expect(isAllowed(address, address, 'on')).toBe(true));
  test.each(special)('%s is not allowed by "on"', (address) => {
    expect(isAllowed(address, address, 'on')).toBe(false);
  });

  test('a list names hosts, addresses and ranges', () => {
    const list = ['ingest.internal', '10.1.0.0/16', 'fd00::/8', '169.254.7.7'];
    expect(isAllowed('ingest.internal', '192.168.0.4', list)).toBe(true);
    expect(isAllowed('other.internal', '192.168.0.4', list)).toBe(false);
    expect(isAllowed('x', '10.1.255.255', list)).toBe(true);
    expect(isAllowed('x', '10.2.0.1', list)).toBe(false);
    expect(isAllowed('x', 'fd12::1', list)).toBe(true);
    expect(isAllowed('x', '169.254.7.7', list)).toBe(true);
    expect(isAllowed('x', '169.254.169.254', list)).toBe(false);
  });

  test('names are looked up before they are believed', async () => {
    await expect(checkedAddress('localhost', 'off')).rejects.toMatchObject({ code: 'url-refused' });
    expect(['127.0.0.1', '::1']).toContain(await checkedAddress('localhost', 'on'));
    expect(await checkedAddress('8.8.8.8', 'off')).toBe('8.8.8.8');
    await expect(checkedAddress('nowhere.invalid', 'on')).rejects.toThrow(LookupProblem);
  });
});
