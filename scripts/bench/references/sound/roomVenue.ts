import { offerTo } from '../../load/whip.ts';
import type { Part, Venue } from './venue.ts';

/** Addresses of a room for offers. */
export interface RoomAddress {
  whip: string;
  whep: string;
}

/** A room of Rostrum: a speaker talks by WHIP, and by WHEP with the same token hears all but themselves. */
export function roomVenue({ whip, whep }: RoomAddress): Venue {
  const listener = (token: string): Part => ({
    negotiate: (offer) => offerTo(whep, token, offer),
    direction: 'recvonly',
  });
  return {
    speaker: (token) => [
      { negotiate: (offer) => offerTo(whip, token, offer), direction: 'sendonly' },
      listener(token),
    ],
    listener,
    close: async () => {},
  };
}
