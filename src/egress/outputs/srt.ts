import { isIPv6 } from 'node:net';
import { FfmpegPush } from './ffmpegPush.ts';
import { CannotPush, type OpenPush } from './push.ts';

/** SRT in MPEG-TS, as the caller, to the address that was checked: the protocol knows no names. */
export const openSrt: OpenPush = async (parts) => {
  const { ffmpeg, target, address } = parts;
  if (!ffmpeg?.protocols.has('srt'))
    throw new CannotPush('the ffmpeg of this server cannot send SRT; install one that has it');
  const given = new URLSearchParams(target.query);
  // `streamid` only in the URL: as an option ffmpeg takes it for something else.
  const streamId = given.get('streamid');
  const query = streamId === null ? '' : `&streamid=${encodeURIComponent(streamId)}`;
  const options = ['passphrase', 'pbkeylen', 'latency'].flatMap((name) => {
    const value = given.get(name);
    return value === null ? [] : [`-${name}`, value];
  });
  const host = isIPv6(address) ? `[${address}]` : address;
  return new FfmpegPush(
    ffmpeg,
    {
      url: `srt://${host}:${target.port}?mode=caller${query}`,
      options: [...options, '-protocol_whitelist', 'srt', '-f', 'mpegts'],
      problem: () => null,
      close: () => {},
    },
    parts,
  );
};
