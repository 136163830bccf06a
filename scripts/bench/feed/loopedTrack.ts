import { readFileSync } from 'node:fs';
import type { VideoCodec } from '../../../mixer/protocol/control.ts';
import { splitPictures } from '../clips/annexB.ts';
import { readIvf } from '../clips/ivf.ts';
import { readOggOpus } from '../clips/ogg.ts';
import { clip, opusPacket } from '../program.ts';
import { HEADER_BYTES, rtpPacket } from '../rtp/header.ts';
import { h264Payloads, PICTURE_ID_AT, vp8Payloads } from '../rtp/packetize.ts';

/** A packet and when it leaves, in microseconds from the start of the loop. */
export interface TimedPacket {
  atUs: number;
  packet: Buffer;
}

/** A clip as RTP packets prepared beforehand, which can be sent again and again without a seam. */
export interface LoopedTrack {
  codec: VideoCodec | 'opus';
  clockRate: number;
  firstTimestamp: number;
  packets: TimedPacket[];
  /** Moves a packet that has been sent on to its place in the next loop. */
  advance(packet: Buffer): void;
}

/** Browsers send a picture at about two and a half times its rate, in bursts every 5 ms. */
const PACING_FACTOR = 2.5;
const BURST_US = 5000;

const VIDEO_CLOCK = 90_000;
const AUDIO_CLOCK = 48_000;

/** How many pictures a second a file has, and how fast they are sent. */
export interface Sending {
  fps: number;
  videoKbps: number;
}

export function videoTrack(
  file: string,
  codec: VideoCodec,
  ssrc: number,
  { fps, videoKbps }: Sending = clip,
): LoopedTrack {
  const frameUs = 1e6 / fps;
  const frames = fps * clip.seconds;
  const firstTimestamp = (ssrc * 7919) >>> 0;
  const pictures = codec === 'vp8' ? readIvf(readFileSync(file)) : splitPictures(readFileSync(file));
  const packets: TimedPacket[] = [];
  let sequence = ssrc & 0x7fff;
  let freeUs = 0;
  pictures.slice(0, frames).forEach((picture, frame) => {
    const payloads = Array.isArray(picture) ? h264Payloads(picture) : vp8Payloads(picture, frame);
    freeUs = Math.max(freeUs, frame * frameUs);
    payloads.forEach((payload, index) => {
      const marker = index === payloads.length - 1;
      const timestamp = firstTimestamp + (frame * VIDEO_CLOCK) / fps;
      const packet = rtpPacket({ payloadType: 96, marker, sequence: sequence++, timestamp, ssrc }, payload);
      packets.push({ atUs: Math.ceil(freeUs / BURST_US) * BURST_US, packet });
      freeUs += (packet.length * 8000) / (videoKbps * PACING_FACTOR);
    });
  });
  const count = packets.length;
  return {
    codec,
    clockRate: VIDEO_CLOCK,
    firstTimestamp,
    packets,
    advance(packet) {
      advanceHeader(packet, count, VIDEO_CLOCK * clip.seconds);
      if (codec !== 'vp8') return;
      const pictureId = (packet.readUInt16BE(PICTURE_ID_AT) + frames) & 0x7fff;
      packet.writeUInt16BE(0x8000 | pictureId, PICTURE_ID_AT);
    },
  };
}

export function audioTrack(file: string, ssrc: number): LoopedTrack {
  const firstTimestamp = (ssrc * 104729) >>> 0;
  const count = (clip.seconds * 1e6) / opusPacket.durationUs;
  const coded = readOggOpus(readFileSync(file)).slice(0, count);
  if (coded.length < count) throw new Error(`${file} is shorter than ${clip.seconds} s`);
  const packets = coded.map((payload, index) => {
    const timestamp = firstTimestamp + index * opusPacket.samples;
    const header = {
      payloadType: 111,
      marker: index === 0,
      sequence: (ssrc & 0x7fff) + index,
      timestamp,
      ssrc,
    };
    return { atUs: index * opusPacket.durationUs, packet: rtpPacket(header, [payload]) };
  });
  return {
    codec: 'opus',
    clockRate: AUDIO_CLOCK,
    firstTimestamp,
    packets,
    advance: (packet) => advanceHeader(packet, count, AUDIO_CLOCK * clip.seconds),
  };
}

function advanceHeader(packet: Buffer, packets: number, ticks: number): void {
  if (packet.length < HEADER_BYTES) throw new RangeError('not an RTP packet');
  packet.writeUInt16BE((packet.readUInt16BE(2) + packets) & 0xffff, 2);
  packet.writeUInt32BE((packet.readUInt32BE(4) + ticks) >>> 0, 4);
}
