import type { CountSlots } from './contract.ts';

/** Counts without parsing: whether the offer is any good is for others to say. */
export const countSlots: CountSlots = (offer) => {
  const lines = (media: string) => offer.match(new RegExp(`^m=${media} `, 'gm'))?.length ?? 0;
  return Math.max(lines('audio'), lines('video'));
};
