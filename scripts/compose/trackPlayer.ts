import { join } from 'node:path';
import { H264Packetizer } from '../../mixer/rtp/h264.ts';
import { buildRtp } from '../../mixer/rtp/packet.ts';
import { Vp8Packetizer } from '../../mixer/rtp/vp8.ts';
import { type Block, walk } from '../../src/egress/matroska/blocks.ts';
import { ElementReader, elementsIn, Id } from '../../src/egress/matroska/reader.ts';
import type { BundleToCompose, TrackToCompose } from './bundleFolder.ts';

/** Packets of one picture or sound frame, at its time in the recording. */
export interface Due {
  atUs: number;
  packets: Buffer[];
}

export const clockRateOf = ({ codec }: TrackToCompose): number => (codec === 'opus' ? 48_000 : 90_000);

const TRACK_ENTRY = 0xae;
const START_CODE = Buffer.from([0, 0, 0, 1]);

/** One track as RTP again, in the order of its file. */
export async function* play({ folder }: BundleToCompose, track: TrackToCompose): AsyncGenerator<Due> {
  const cut = cutterFor(track.codec);
  let sequence = 0;
  let parameters: Buffer[] = [];
  for await (const found of blocks(join(folder, track.file))) {
    if (Buffer.isBuffer(found)) {
      parameters = track.codec === 'h264' ? parameterSets(found) : [];
      continue;
    }
    const coded = track.codec === 'h264' ? annexB(found, parameters) : found.bytes;
    const payloads = cut(coded);
    const rtpTimestamp = Math.round((found.timeUs * clockRateOf(track)) / 1e6) % 2 ** 32;
    const packets = payloads.map((parts, index) =>
      buildRtp(sequence++ & 0xffff, rtpTimestamp, index === payloads.length - 1, parts),
    );
    yield { atUs: track.startMs * 1000 + found.timeUs, packets };
  }
}

function cutterFor(codec: TrackToCompose['codec']): (coded: Buffer) => Buffer[][] {
  if (codec === 'opus') return (coded) => [[coded]];
  const packetizer = codec === 'vp8' ? new Vp8Packetizer() : new H264Packetizer();
  return (coded) => packetizer.cut(coded);
}

/** The description of its track, then its packets, read as they are asked for. */
async function* blocks(path: string): AsyncGenerator<Block | Buffer> {
  const reader = await ElementReader.open(path);
  try {
    for await (const found of walk(reader)) {
      if (found.type === 'tracks') yield found.content;
      else if (found.type === 'block') yield found.block;
    }
  } finally {
    await reader.close();
  }
}

/** SPS and PPS out of the decoder configuration (ISO/IEC 14496-15 5.3.3.1), as our writer lays it out. */
function parameterSets(tracks: Buffer): Buffer[] {
  const entry = elementsIn(tracks).find(({ id }) => id === TRACK_ENTRY)?.content ?? Buffer.alloc(0);
  const avcc = elementsIn(entry).find(({ id }) => id === Id.CODEC_PRIVATE)?.content;
  if (!avcc || avcc.length < 11) return [];
  const spsEnd = 8 + avcc.readUInt16BE(6);
  const ppsStart = spsEnd + 3;
  return [avcc.subarray(8, spsEnd), avcc.subarray(ppsStart, ppsStart + avcc.readUInt16BE(spsEnd + 1))];
}

function annexB({ bytes, keyFrame }: Block, parameters: Buffer[]): Buffer {
  const units = keyFrame ? [...parameters] : [];
  for (let at = 0; at + 4 <= bytes.length; ) {
    const end = at + 4 + bytes.readUInt32BE(at);
    units.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return Buffer.concat(units.flatMap((unit) => [START_CODE, unit]));
}
