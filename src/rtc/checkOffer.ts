import type { CheckOffer } from './contract.ts';
import { readOffer } from './sdp/offer.ts';
import { type Role, selectSections } from './sdp/select.ts';

/** Says whether an offer could be answered, without answering it. */
export const checkOffer: CheckOffer = (offer, direction) => {
  const subscribe: Role = { receive: false, prefer: ['vp8', 'h264'], slots: { audio: 1, video: 1 } };
  selectSections(readOffer(offer), direction === 'publish' ? { receive: true } : subscribe);
};
