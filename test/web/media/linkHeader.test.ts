import { expect, test } from '@jest/globals';
import { iceServersFromLink } from '../../../web/src/media/linkHeader.ts';

test('reads several servers, with credentials, as RFC 9725 writes them', () => {
  const header =
    '<stun:stun.example.net>; rel="ice-server", ' +
    '<turn:turn.example.net?transport=udp>; rel="ice-server"; username="user,1"; credential="my\\"Pass;word"; credential-type="password"';
  expect(iceServersFromLink(header)).toEqual([
    { urls: 'stun:stun.example.net' },
    { urls: 'turn:turn.example.net?transport=udp', username: 'user,1', credential: 'my"Pass;word' },
  ]);
});

test('other relations and other schemes are passed over', () => {
  expect(
    iceServersFromLink('<https://a>; rel="ice-server", <stun:b>; rel=next, <stun:c>; rel=ice-server'),
  ).toEqual([{ urls: 'stun:c' }]);
  expect(iceServersFromLink(null)).toEqual([]);
  expect(iceServersFromLink('junk,;<>;<')).toEqual([]);
});
