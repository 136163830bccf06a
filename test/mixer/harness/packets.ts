import { buildRtp, parseRtp, type RtpPacket } from '../../../mixer/rtp/packet.ts';

export interface PacketSpec {
  sequence: number;
  rtpTimestamp?: number;
  ssrc?: number;
  marker?: boolean;
  payload?: Buffer;
}

/** The bytes of one packet. Without a payload it carries its sequence number, so that it can be told apart. */
export function rtp(spec: PacketSpec): Buffer {
  const payload = spec.payload ?? Buffer.from([0x55, (spec.sequence >> 8) & 0xff, spec.sequence & 0xff]);
  const packet = buildRtp(spec.sequence, spec.rtpTimestamp ?? 0, spec.marker ?? false, [payload]);
  packet.writeUInt32BE(spec.ssrc ?? 0x1234, 8);
  return packet;
}

/** The same, read again, as a depacketizer gets it. */
export function parsed(spec: PacketSpec, arrivalUs = 0): RtpPacket {
  return parseRtp(rtp(spec), arrivalUs)!;
}

/** Packets of consecutive pictures, each a list of payloads as a packetizer cuts them. */
export class PacketStream {
  sequence: number;
  ssrc: number;

  constructor(sequence = 65_500, ssrc = 0x1234) {
    this.sequence = sequence;
    this.ssrc = ssrc;
  }

  picture(payloads: Buffer[][], rtpTimestamp: number): Buffer[] {
    return payloads.map((parts, index) =>
      rtp({
        sequence: this.sequence++,
        rtpTimestamp,
        ssrc: this.ssrc,
        marker: index === payloads.length - 1,
        payload: Buffer.concat(parts),
      }),
    );
  }
}
