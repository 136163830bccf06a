/** One ffmpeg program and what it was found to be able to do. */
export interface Ffmpeg {
  path: string;
  /** Who chose it: the setting, this machine, or the package that brings one along. */
  origin: 'configured' | 'system' | 'bundled';
  /** As it calls itself, such as `5.1.9-0+deb12u1`. */
  version: string;
  /** The release its libraries belong to, such as 5, whatever it calls itself. */
  major: number;
  muxers: ReadonlySet<string>;
  encoders: ReadonlySet<string>;
  /** Protocols it can write to. */
  protocols: ReadonlySet<string>;
}

/** Why there is no ffmpeg, or not this one: a sentence for whoever set it up. */
export class FfmpegProblem extends Error {}

const abilities: {
  needs: [keyof Pick<Ffmpeg, 'muxers' | 'encoders' | 'protocols'>, string][];
  for: string;
}[] = [
  {
    for: 'mp4 recordings',
    needs: [
      ['muxers', 'mp4'],
      ['encoders', 'aac'],
    ],
  },
  { for: 'webm recordings', needs: [['muxers', 'webm']] },
  {
    for: 'HLS',
    needs: [
      ['muxers', 'hls'],
      ['encoders', 'aac'],
    ],
  },
  {
    for: 'RTMP',
    needs: [
      ['muxers', 'flv'],
      ['protocols', 'rtmp'],
      ['encoders', 'aac'],
    ],
  },
  {
    for: 'RTMPS',
    needs: [
      ['muxers', 'flv'],
      ['protocols', 'rtmps'],
      ['encoders', 'aac'],
    ],
  },
  {
    for: 'SRT',
    needs: [
      ['muxers', 'mpegts'],
      ['protocols', 'srt'],
      ['encoders', 'aac'],
    ],
  },
];

/** What this ffmpeg cannot make, as people call it: `['SRT']` for the bundled one. */
export const shortcomings = (ffmpeg: Ffmpeg): string[] =>
  abilities
    .filter(({ needs }) => needs.some(([kind, name]) => !ffmpeg[kind].has(name)))
    .map((one) => one.for);

/** For the log at the start. */
export function describeFfmpeg(ffmpeg: Ffmpeg): string {
  const missing = shortcomings(ffmpeg);
  const cannot = missing.length === 0 ? '' : `; it cannot do ${missing.join(', ')}`;
  return `ffmpeg for recordings and outputs: ${ffmpeg.path} (${ffmpeg.origin}, ${ffmpeg.version})${cannot}`;
}
