/**
 * Asks for Opus in two channels (RFC 7587 section 7.1): browsers offer one, and mix what comes in two down to it.
 * There is no interface for it but the description itself.
 */
export function withStereo(sdp: string): string {
  const types = [...sdp.matchAll(/^a=rtpmap:(\d+) opus\/48000\/2\r?$/gim)].map(([, type]) => type);
  return sdp.replaceAll(
    /^a=fmtp:(\d+) (.*?)(\r?)$/gm,
    (line, type: string, parameters: string, end: string) => {
      if (!types.includes(type) || /(^|;)\s*stereo=/.test(parameters)) return line;
      return `a=fmtp:${type} ${parameters};stereo=1;sprop-stereo=1${end}`;
    },
  );
}
