import { isIPv6 } from 'node:net';
import { FfmpegPush } from './ffmpegPush.ts';
import { CannotPush, type OpenPush } from './push.ts';
import { Relay } from './relay.ts';
import type { Target } from './target.ts';

/**
 * RTMP and RTMPS. ffmpeg speaks plain RTMP to a relay of ours, which is connected to the address that
 * was checked and does the TLS: so names, certificates and redirections are none of ffmpeg's affair.
 */
export const openRtmp: OpenPush = async (parts) => {
  const { ffmpeg, target, address } = parts;
  if (!ffmpeg?.muxers.has('flv') || !ffmpeg.protocols.has('rtmp'))
    throw new CannotPush('the ffmpeg of this server cannot send RTMP');
  const tlsName = target.scheme === 'rtmps' ? target.host : null;
  const relay = await Relay.open({ address, port: target.port, tlsName });
  const query = target.query === '' ? '' : `?${target.query}`;
  return new FfmpegPush(
    ffmpeg,
    {
      url: `rtmp://127.0.0.1:${relay.port}${target.path}${query}`,
      options: [
        ...['-rtmp_tcurl', tcUrl(target), '-protocol_whitelist', 'rtmp,tcp'],
        ...['-flvflags', 'no_duration_filesize', '-f', 'flv'],
      ],
      problem: () => relay.problem,
      close: () => relay.close(),
    },
    parts,
  );
};

/** The address of the application, by which servers tell their customers apart. */
function tcUrl({ scheme, host, port, path }: Target): string {
  const name = isIPv6(host) ? `[${host}]` : host;
  const application =
    path.split('/').filter(Boolean).slice(0, -1).join('/') || path.split('/').filter(Boolean)[0];
  return `${scheme}://${name}:${port}/${application}`;
}
