/** SDP fragments of trickle ICE (RFC 8840 4.4) and of ICE restarts over HTTP (RFC 9725 4.3). */

import { candidateLine } from '../ice/candidates.ts';
import type { IceCredentials } from '../ice/session.ts';
import type { LocalTransport } from './answer.ts';
import { malformed, refused } from './limits.ts';
import { ICE_PASSWORD, ICE_UFRAG, type OfferedCandidate } from './offer.ts';

export interface Fragment {
  /** Absent when the fragment names none: it then belongs to the session as it is. */
  ufrag: string | undefined;
  password: string | undefined;
  candidates: OfferedCandidate[];
}

const MAX_BYTES = 16 * 1024;
const MAX_LINES = 300;
const CANDIDATE = /^candidate:\S{1,32} (\d{1,5}) (\S{1,8}) (\d{1,10}) (\S{1,255}) (\d{1,5}) typ \S+/;

/** @throws RostrumError sdp-malformed */
export function readFragment(text: string): Fragment {
  if (text.length > MAX_BYTES) throw malformed('the fragment is longer than 16 KiB');
  const lines = text.split(/\r?\n/, MAX_LINES + 1).filter((line) => line !== '');
  if (lines.length > MAX_LINES) throw malformed(`the fragment has more than ${MAX_LINES} lines`);
  const fragment: Fragment = { ufrag: undefined, password: undefined, candidates: [] };
  for (const line of lines) {
    if (!/^[a-z]=/.test(line)) throw malformed('a line of the fragment is not of the form x=…');
    readLine(line, fragment);
  }
  if (fragment.ufrag !== undefined && !ICE_UFRAG.test(fragment.ufrag))
    throw malformed('a=ice-ufrag is malformed');
  if (fragment.password !== undefined && !ICE_PASSWORD.test(fragment.password)) {
    throw malformed('a=ice-pwd is malformed');
  }
  return fragment;
}

function readLine(line: string, fragment: Fragment): void {
  if (line.startsWith('a=ice-ufrag:')) fragment.ufrag = line.slice(12).trim();
  else if (line.startsWith('a=ice-pwd:')) fragment.password = line.slice(10).trim();
  else if (line.startsWith('a=candidate:')) {
    const found = CANDIDATE.exec(line.slice(2));
    if (found === null) throw malformed('an a=candidate of the fragment is malformed');
    const [, component, transport, priority, ip, port] = found as unknown as string[];
    fragment.candidates.push({
      component: Number(component),
      transport: transport!,
      priority: Number(priority),
      ip: ip!,
      port: Number(port),
    });
  }
}

/**
 * What a fragment asks for: `null` for more candidates, credentials for an ICE restart.
 *
 * @throws RostrumError sdp-refused when a new fragment comes without a password
 */
export function restartOf(fragment: Fragment, current: IceCredentials): IceCredentials | null {
  const { ufrag, password } = fragment;
  if (ufrag === undefined || ufrag === current.ufrag) return null;
  if (password === undefined) throw refused('the fragment has a new a=ice-ufrag but no a=ice-pwd');
  return { ufrag, password };
}

/** The answer to an ICE restart. */
export function writeFragment(mids: string[], kinds: string[], transport: LocalTransport): string {
  const lines = [
    ...(mids.length > 0 ? [`a=group:BUNDLE ${mids.join(' ')}`] : []),
    `m=${kinds[0]} 9 UDP/TLS/RTP/SAVPF 0`,
    ...(mids.length > 0 ? [`a=mid:${mids[0]}`] : []),
    `a=ice-ufrag:${transport.ice.ufrag}`,
    `a=ice-pwd:${transport.ice.password}`,
    ...transport.candidates.map((candidate) => `a=${candidateLine(candidate)}`),
    'a=end-of-candidates',
  ];
  return `${lines.join('\r\n')}\r\n`;
}
