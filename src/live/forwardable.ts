import { RostrumError } from '../errors.ts';
import type { PublishedTrack, Publisher } from '../rtc/contract.ts';

/** What is said to a speaker whose picture viewers of a room that forwards cannot be sent; null when it can. */
export function unforwardable(tracks: readonly PublishedTrack[]): string | null {
  const picture = tracks.find(({ media }) => media === 'video');
  if (picture === undefined || picture.codec === 'vp8' || picture.codec === 'h264') return null;
  return (
    `this room forwards pictures as they come, and its viewers take VP8 and H.264: one in ` +
    `${picture.codec.toUpperCase()} is not seen. Send one of these, or have the room mix`
  );
}

/** @throws RostrumError sdp-refused, and the publisher is closed, when its picture cannot be forwarded */
export function requireForwardable(publisher: Publisher): void {
  const reason = unforwardable(publisher.tracks);
  if (reason === null) return;
  publisher.close();
  throw new RostrumError('sdp-refused', reason);
}
