/** From an offer to what will be sent or received: at most one audio and one video section. */

import type { Media } from '../contract.ts';
import { chooseToReceive, chooseToSend, type OfferedCodec } from './codecs.ts';
import { refused } from './limits.ts';
import type { Offer, OfferedSection } from './offer.ts';

export interface Selection {
  media: Media;
  section: OfferedSection;
  codec: OfferedCodec;
}

/** Whether we are the one who receives (a publisher's offer) or the one who sends. */
export type Role = { receive: true } | { receive: false; prefer: readonly string[] };

/**
 * The sections that are answered with media; every other section of the offer is answered with port 0.
 *
 * @throws RostrumError sdp-refused
 */
export function selectSections(offer: Offer, role: Role): Selection[] {
  const wanted = offer.sections.filter((section) => isWanted(section, role));
  for (const kind of ['audio', 'video']) {
    const count = wanted.filter((section) => section.kind === kind).length;
    if (count > 1) throw refused(`the offer has ${count} ${kind} sections: one is the most`);
  }
  if (wanted.length === 0) {
    throw refused(
      role.receive ? 'the offer sends no audio or video' : 'the offer receives no audio or video',
    );
  }
  const selections = wanted.flatMap((section) => {
    const codec = role.receive
      ? chooseToReceive(section.codecs)
      : chooseToSend(section.codecs, section.kind === 'audio' ? ['opus'] : role.prefer);
    return codec === undefined ? [] : [{ media: section.kind as Media, section, codec }];
  });
  if (selections.length === 0) {
    throw refused('the offer has no codec in common: Opus, VP8 and H.264 (packetization-mode 1) are spoken');
  }
  checkTransport(offer, selections);
  return selections;
}

function isWanted(section: OfferedSection, role: Role): boolean {
  if (!section.offered || (section.kind !== 'audio' && section.kind !== 'video')) return false;
  const ours = role.receive ? 'sendonly' : 'recvonly';
  return section.direction === 'sendrecv' || section.direction === ours;
}

/** One transport carries everything, so everything must agree to that. */
function checkTransport(offer: Offer, selections: Selection[]): void {
  if (selections.some(({ section }) => !section.rtcpMux)) throw refused('a=rtcp-mux is needed');
  if (selections.length < 2) return;
  if (selections.some(({ section }) => section.mid === undefined || !offer.bundle.includes(section.mid))) {
    throw refused('audio and video must be bundled (a=group:BUNDLE)');
  }
  const [one, other] = selections.map(({ codec }) => [codec.payloadType, codec.rtx]);
  if (one!.some((type) => type !== undefined && other!.includes(type))) {
    throw refused('audio and video share a payload type');
  }
}
