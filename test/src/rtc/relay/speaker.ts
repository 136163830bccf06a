import { type Picture, readPicture } from '../../../../mixer/protocol/picture.ts';
import { nowUs } from '../../../../src/rtc/clock.ts';
import type { Media, PublishedTrack, Relay, RelayEvents } from '../../../../src/rtc/contract.ts';
import { createRelay } from '../../../../src/rtc/relay/relay.ts';
import { rtpPacket } from '../packets.ts';

const tracks: Record<string, PublishedTrack> = {
  vp8: { media: 'video', codec: 'vp8', clockRate: 90_000 },
  h264: { media: 'video', codec: 'h264', clockRate: 90_000 },
  opus: { media: 'audio', codec: 'opus', clockRate: 48_000 },
};

/** A relay and all that comes out of it. */
export class Relayed implements RelayEvents {
  readonly relay: Relay;
  readonly pictures: (Picture & { media: Media })[] = [];
  readonly nacks: number[][] = [];
  restarts: Media[] = [];
  breaks = 0;

  constructor(...codecs: (keyof typeof tracks)[]) {
    this.relay = createRelay(
      codecs.map((codec) => tracks[codec]!),
      1_000,
      this,
    );
  }

  /** Of pictures: how many packets and whether it is a key frame, such as `2k`. */
  get shapes(): string[] {
    return this.pictures.map(({ packets, keyFrame }) => `${packets.length}${keyFrame ? 'k' : ''}`);
  }

  get sequences(): number[] {
    return this.pictures.flatMap(({ packets }) => packets.map((packet) => packet.readUInt16BE(2)));
  }

  send(media: Media, packets: Buffer[]): void {
    for (const packet of packets) this.relay.rtp(media, packet, nowUs());
  }

  picture(media: Media, bytes: Buffer): void {
    this.pictures.push({ media, ...readPicture(bytes) });
  }
  restarted(media: Media): void {
    this.restarts.push(media);
  }
  nack(_media: Media, sequences: number[]): void {
    this.nacks.push(sequences);
  }
  broken(): void {
    this.breaks++;
  }
  rttMs(): number | null {
    return 20;
  }
}

/** Makes the packets of one camera: VP8, three packets a picture, with header extensions. */
export class CameraPackets {
  sequence: number;
  timestamp = 0xffff_f000;
  readonly ssrc: number;

  constructor(sequence: number, ssrc = 7) {
    this.sequence = sequence;
    this.ssrc = ssrc;
  }

  picture(keyFrame = false, marker = true): Buffer[] {
    const packets = [0, 1, 2].map((part) =>
      this.packet(part === 2 && marker, [
        part === 0 ? 0x90 : 0x80,
        0x80,
        0x81,
        0x02,
        keyFrame ? 0x10 : 0x11,
        part,
      ]),
    );
    this.timestamp = (this.timestamp + 3_000) >>> 0;
    return packets;
  }

  padding(): Buffer {
    return this.packet(false, []);
  }

  packet(marker: boolean, payload: number[]): Buffer {
    const { ssrc, timestamp } = this;
    const sequence = this.sequence++ & 0xffff;
    const extensions = { 3: Buffer.from([1, 2]), 9: Buffer.from([5]) };
    return rtpPacket({ sequence, timestamp, marker, ssrc, payload: Buffer.from(payload), extensions });
  }
}
