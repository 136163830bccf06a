import type { RtpPacket } from './packet.ts';

/** One whole coded picture, ready for a decoder. */
export interface CodedFrame {
  rtpTimestamp: number;
  keyFrame: boolean;
  /** VP8 and VP9: the frame; H.264: Annex B; AV1: a temporal unit. */
  data: Buffer;
  /** Where several spatial layers make one picture, each one's part of `data`, to be decoded in this order. */
  layers?: Buffer[];
  /** Arrival of its last packet. */
  arrivalUs: number;
  /** Size announced by a key frame's headers; undefined where they say nothing. */
  size: { width: number; height: number } | undefined;
  /** True when packets were lost since the frame before: what it refers to may be missing. */
  afterLoss: boolean;
}

/** Turns the packets of one stream, in order, into whole frames. One implementation per codec. */
export interface Depacketizer {
  /** A frame when this packet completes one. */
  push(packet: RtpPacket): CodedFrame | null;
  /** Packets are missing here: what was begun is dropped. */
  lost(): void;
}

/** Cuts one coded picture into RTP payloads. One implementation per codec. */
export interface Packetizer {
  /** Payloads, each a list of parts to be written one after the other. */
  cut(data: Buffer): Buffer[][];
}

/** Payload bytes per packet: leaves room for IPv6, UDP, SRTP, RTX and a tunnel in 1,500. */
export const MAX_PAYLOAD_BYTES = 1180;

/** Parts of one picture held at most: what is larger never ends, and is dropped. */
export const MAX_PARTS = 4096;
