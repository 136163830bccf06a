import type { CheckOffer } from './contract.ts';
import { readOffer } from './sdp/offer.ts';
import { selectSections } from './sdp/select.ts';

/** Says whether an offer could be answered, without answering it. */
export const checkOffer: CheckOffer = (offer, direction) => {
  const receive = direction === 'publish';
  selectSections(readOffer(offer), receive ? { receive } : { receive, prefer: ['vp8', 'h264'] });
};
