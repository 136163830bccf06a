/** From an offer to what will be sent or received, section by section. */

import type { Media } from '../contract.ts';
import { chooseToReceive, chooseToSend, type OfferedCodec } from './codecs.ts';
import { refused } from './limits.ts';
import type { Offer, OfferedSection } from './offer.ts';

export interface Selection {
  media: Media;
  section: OfferedSection;
  /** The first of `codecs`. */
  codec: OfferedCodec;
  /** Everything the section is answered with. */
  codecs: OfferedCodec[];
}

/** How many sections of each kind are answered at most. */
export type SlotCounts = Record<Media, number>;

/**
 * Whether we are the one who receives (a publisher's offer: one section of each kind) or the one who
 * sends. A single video slot is answered with one codec; with several, each has all codecs in common, so
 * that a slot can change between speakers who send different ones.
 */
export type Role = { receive: true } | { receive: false; prefer: readonly string[]; slots: SlotCounts };

/**
 * The sections that are answered with media, in the order of the offer; every other section of it is
 * answered with port 0.
 *
 * @throws RostrumError sdp-refused
 */
export function selectSections(offer: Offer, role: Role): Selection[] {
  const wanted = offer.sections.filter((section) => isWanted(section, role));
  if (role.receive) refuseSeveral(wanted);
  if (wanted.length === 0) {
    throw refused(
      role.receive ? 'the offer sends no audio or video' : 'the offer receives no audio or video',
    );
  }
  if (role.receive) requirePicture(wanted);
  const usable = wanted.flatMap((section) => {
    const codecs = codecsFor(section, role);
    return codecs.length === 0 ? [] : [{ media: section.kind as Media, section, codec: codecs[0]!, codecs }];
  });
  const selections = role.receive ? usable : firstOf(usable, role.slots);
  if (selections.length === 0) {
    throw refused('the offer has no codec in common: Opus, VP8 and H.264 (packetization-mode 1) are spoken');
  }
  checkTransport(offer, selections);
  return selections;
}

function refuseSeveral(wanted: OfferedSection[]): void {
  for (const kind of ['audio', 'video']) {
    const count = wanted.filter((section) => section.kind === kind).length;
    if (count > 1) throw refused(`the offer has ${count} ${kind} sections: one is the most`);
  }
}

/** A speaker who is taken with their sound alone, though they send a picture, would never learn why. */
function requirePicture(wanted: OfferedSection[]): void {
  const picture = wanted.find(({ kind }) => kind === 'video');
  if (picture === undefined || chooseToReceive(picture.codecs) !== undefined) return;
  throw refused(
    'the picture has no codec in common: it is taken in VP8, H.264, VP9 and AV1 (of the last two profile 0); ' +
      'send one of these, or sound alone',
  );
}

function codecsFor(section: OfferedSection, role: Role): OfferedCodec[] {
  const asList = (codec: OfferedCodec | undefined) => (codec === undefined ? [] : [codec]);
  if (role.receive) return asList(chooseToReceive(section.codecs));
  if (section.kind === 'audio') return asList(chooseToSend(section.codecs, ['opus']));
  if (role.slots.video < 2) return asList(chooseToSend(section.codecs, role.prefer));
  return role.prefer.flatMap((codec) => asList(chooseToSend(section.codecs, [codec])));
}

function firstOf(selections: Selection[], slots: SlotCounts): Selection[] {
  const taken = { audio: 0, video: 0 };
  return selections.filter(({ media }) => taken[media]++ < slots[media]);
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
  const typesOf = (kind: Media) =>
    selections
      .filter(({ media }) => media === kind)
      .flatMap(({ codecs }) => codecs.flatMap(({ payloadType, rtx }) => [payloadType, rtx ?? payloadType]));
  const sound = new Set(typesOf('audio'));
  if (typesOf('video').some((type) => sound.has(type))) throw refused('audio and video share a payload type');
}
