/** What speakers send and Rostrum forwards, and the retransmissions of it. */
const SOUND = /^audio\/opus$/i;
const PICTURE = /^video\/(vp8|h264|rtx)$/i;

type Codec = ReturnType<typeof usable>[number];

/**
 * Leaves out of a section what is never sent in it: thirty sections with all codecs of a browser would be a
 * longer offer than a server takes. Browsers that cannot be told so offer everything.
 */
export function preferSpoken(sound: RTCRtpTransceiver, picture: RTCRtpTransceiver): void {
  prefer(sound, usable('audio', SOUND));
  prefer(picture, usable('video', PICTURE).filter(isForwarded));
}

function prefer(transceiver: RTCRtpTransceiver, codecs: Codec[]): void {
  if (codecs.length > 0) transceiver.setCodecPreferences?.(codecs);
}

const usable = (kind: 'audio' | 'video', wanted: RegExp) =>
  (RTCRtpReceiver.getCapabilities?.(kind)?.codecs ?? []).filter(({ mimeType }) => wanted.test(mimeType));

/** Of H.264 the constrained baseline in packetization mode 1, which all speakers' browsers can send. */
function isForwarded({ mimeType, sdpFmtpLine = '' }: Codec): boolean {
  if (!/h264/i.test(mimeType)) return true;
  return /packetization-mode=1/.test(sdpFmtpLine) && /profile-level-id=42e0/i.test(sdpFmtpLine);
}
