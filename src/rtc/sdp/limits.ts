import { RostrumError } from '../../errors.ts';

const MAX_BYTES = 64 * 1024;
const MAX_LINES = 2_000;
const MAX_LINE_BYTES = 4_096;
/** A viewer of a full stage: a sound and a picture of each of 25 people, and some screens. */
export const MAX_SECTIONS = 64;

/**
 * Refuses what must not reach a parser, in one pass over the text.
 *
 * @throws RostrumError sdp-malformed | sdp-refused
 */
export function checkOfferText(text: string): void {
  if (!/^v=0\r?\n/.test(text)) throw malformed('an offer begins with v=0');
  if (text.length > MAX_BYTES) throw refused('the offer is longer than 64 KiB');
  let sections = 0;
  let lines = 0;
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    if (++lines > MAX_LINES) throw refused(`the offer has more than ${MAX_LINES} lines`);
    if (end - at > MAX_LINE_BYTES) throw refused(`line ${lines} is longer than ${MAX_LINE_BYTES} bytes`);
    checkLine(text, at, end, lines);
    if (text[at] === 'm' && ++sections > MAX_SECTIONS) {
      throw refused(`the offer has more than ${MAX_SECTIONS} media sections`);
    }
    at = end + 1;
  }
  if (sections === 0) throw refused('the offer has no media');
}

function checkLine(text: string, at: number, end: number, line: number): void {
  const last = text[end - 1] === '\r' ? end - 1 : end;
  if (last === at) return;
  const type = text.charCodeAt(at);
  if (type < 97 || type > 122 || text[at + 1] !== '=') throw malformed(`line ${line} is not of the form x=…`);
  for (let i = at + 2; i < last; i++) {
    const code = text.charCodeAt(i);
    if (code < 32 && code !== 9) throw malformed(`line ${line} has control characters`);
  }
}

export const malformed = (detail: string): RostrumError => new RostrumError('sdp-malformed', detail);
export const refused = (detail: string): RostrumError => new RostrumError('sdp-refused', detail);
