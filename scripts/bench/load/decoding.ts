import type { Depacketizer } from '../../../mixer/rtp/frame.ts';
import { H264Depacketizer } from '../../../mixer/rtp/h264.ts';
import { parseRtp } from '../../../mixer/rtp/packet.ts';
import { Vp8Depacketizer } from '../../../mixer/rtp/vp8.ts';
import { VideoDecoder } from '../../../mixer/video/decoder.ts';
import { giveFrame } from '../../../mixer/video/framePool.ts';
import { nowUs } from '../../../src/rtc/clock.ts';
import { sequenceDistance } from '../../../src/rtc/sequence.ts';
import type { GlassSampler } from './glass.ts';
import type { Recording } from './recording.ts';
import type { AnsweredSection } from './sdp.ts';

const MAX_PIXELS = 1920 * 1080;

/** The streams of one viewer put together: all recorded, the first few decoded and looked at. */
export class Decoding {
  readonly #sections = new Map<string, SectionDecoding>();
  readonly #decoded: number;
  readonly #glass: GlassSampler;
  readonly #recording: Recording;
  readonly #lost: (section: AnsweredSection) => void;

  /**
   * @param decoded streams of pictures that are decoded; the others would only take the processor's time
   * @param lost a key frame is needed to go on
   */
  constructor(
    decoded: number,
    glass: GlassSampler,
    recording: Recording,
    lost: (section: AnsweredSection) => void,
  ) {
    this.#decoded = decoded;
    this.#glass = glass;
    this.#recording = recording;
    this.#lost = lost;
  }

  push(section: AnsweredSection, packet: Buffer, arrivalUs: number): void {
    const rtp = parseRtp(packet, arrivalUs);
    if (rtp === null || rtp.payload.length === 0) return;
    if (section.codec === 'opus') {
      this.#recording.add({ section: section.mid, codec: 'opus', atUs: arrivalUs, bytes: rtp.payload });
      return;
    }
    const { codec } = section;
    let decoding = this.#sections.get(section.mid);
    if (decoding === undefined) {
      // Our offers number their sections; pairs are filled in the order in which speakers came.
      const decodes = Math.floor(Number(section.mid) / 2) < this.#decoded;
      decoding = new SectionDecoding(codec, decodes ? this.#glass : null);
      this.#sections.set(section.mid, decoding);
    }
    const outcome = decoding.push(rtp);
    if (outcome === 'lost') this.#lost(section);
    else if (outcome !== null) {
      this.#recording.add({ section: section.mid, codec, atUs: arrivalUs, bytes: outcome });
    }
  }

  close(): void {
    for (const section of this.#sections.values()) section.close();
  }
}

class SectionDecoding {
  readonly #depacketizer: Depacketizer;
  readonly #decoder: VideoDecoder | undefined;
  readonly #glass: GlassSampler | null;
  #last = -1;
  #needsKeyFrame = true;

  constructor(codec: 'vp8' | 'h264', glass: GlassSampler | null) {
    this.#depacketizer = codec === 'vp8' ? new Vp8Depacketizer() : new H264Depacketizer();
    this.#glass = glass;
    if (glass !== null) this.#decoder = new VideoDecoder(codec, MAX_PIXELS);
  }

  /** The coded picture that this packet completes; `lost` when a key frame is needed. */
  push(rtp: NonNullable<ReturnType<typeof parseRtp>>): Buffer | 'lost' | null {
    const ahead = this.#last < 0 ? 1 : sequenceDistance(rtp.sequence, this.#last);
    if (ahead <= 0) return null;
    if (ahead > 1) this.#depacketizer.lost();
    this.#last = rtp.sequence;
    const frame = this.#depacketizer.push(rtp);
    if (frame === null) return null;
    if (frame.afterLoss) this.#needsKeyFrame = true;
    if (this.#needsKeyFrame && !frame.keyFrame) return 'lost';
    this.#needsKeyFrame = false;
    const decoded = this.#decoder?.decode(frame, frame.rtpTimestamp) ?? null;
    if (decoded !== null && 'picture' in decoded) {
      const { picture } = decoded;
      const { width, height } = picture;
      const luma = picture.data?.[0];
      if (luma) this.#glass?.picture(luma, picture.linesize[0]!, { width, height }, nowUs());
      giveFrame(picture);
    } else if (decoded !== null) {
      this.#needsKeyFrame = true;
      return 'lost';
    }
    return frame.data;
  }

  close(): void {
    this.#decoder?.close();
  }
}
