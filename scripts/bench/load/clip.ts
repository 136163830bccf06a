import { readFileSync } from 'node:fs';
import type { VideoCodec } from '../../../mixer/protocol/control.ts';
import { NalType, nalType, splitPictures } from '../clips/annexB.ts';
import { readIvf } from '../clips/ivf.ts';
import { readOggOpus } from '../clips/ogg.ts';
import { h264Payloads, vp8Payloads } from '../rtp/packetize.ts';

/** One coded picture as the payloads of its packets. */
export interface CodedPicture {
  keyFrame: boolean;
  payloads: Buffer[];
}

/**
 * The same pictures coded twice. A coder in a browser makes a key frame when it is asked; a clip cannot.
 * So `steady` is what a camera sends, with a key frame every three seconds, and `refresh` has three a second
 * at the same rate: who is asked changes over at the next one there, and back at the next one here.
 */
export interface VideoClip {
  codec: VideoCodec;
  fps: number;
  kbps: number;
  steady: CodedPicture[];
  refresh: CodedPicture[];
}

/** Where a clip's files are: what another process needs to load it. */
export interface ClipFiles {
  codec: VideoCodec;
  fps: number;
  kbps: number;
  /** Pictures at the files' beginning that are not sent: there the coder was still finding its rate. */
  lead: number;
  steady: string;
  refresh: string;
  sound: string;
}

/** @throws Error when both codings are not of the same length, or do not begin with a key frame */
export function loadVideo({ codec, fps, kbps, lead, steady, refresh }: ClipFiles): VideoClip {
  const read = (file: string) => readPictures(file, codec).slice(lead);
  const clip = { codec, fps, kbps, steady: read(steady), refresh: read(refresh) };
  if (clip.steady.length === 0 || clip.steady.length !== clip.refresh.length) {
    throw new Error(`${steady} has ${clip.steady.length} pictures, ${refresh} ${clip.refresh.length}`);
  }
  if (!clip.steady[0]!.keyFrame || !clip.refresh[0]!.keyFrame) {
    throw new Error(`${steady} does not begin with a key frame`);
  }
  return clip;
}

/** Opus packets of 20 ms. */
export function loadSound({ sound }: ClipFiles): Buffer[] {
  return readOggOpus(readFileSync(sound));
}

function readPictures(file: string, codec: VideoCodec): CodedPicture[] {
  const bytes = readFileSync(file);
  if (codec === 'vp8') {
    return readIvf(bytes).map((picture) => ({
      keyFrame: (picture[0]! & 1) === 0,
      payloads: vp8Payloads(picture, 0).map((parts) => Buffer.concat(parts)),
    }));
  }
  return splitPictures(bytes).map((nals) => ({
    keyFrame: nals.some((nal) => nalType(nal) === NalType.IDR),
    payloads: h264Payloads(nals).map((parts) => Buffer.concat(parts)),
  }));
}
