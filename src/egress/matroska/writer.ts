import { av1Configuration, withoutDelimiter } from './av1.ts';
import { avcConfiguration, lengthPrefixed } from './avc.ts';
import { element, float, openElement, text, unsigned } from './ebml.ts';

export interface MatroskaVideo {
  codec: 'vp8' | 'h264' | 'vp9' | 'av1';
  width: number;
  height: number;
  /** Pictures per second as a rule; each packet's own time counts. */
  fps: number;
}

export interface MatroskaTracks {
  /** Null leaves pictures out: sound only. */
  video: MatroskaVideo | null;
  /** Opus, 48 kHz stereo. */
  audio: boolean;
  /** For a file that `finish.ts` completes at its end: the document type, and room for what is known then. */
  file?: 'matroska' | 'webm';
}

/** One coded picture or sound frame at its time from the beginning of the stream. */
export interface MediaPacket {
  media: 'video' | 'audio';
  keyFrame: boolean;
  timeUs: number;
  durationUs: number;
  /** VP8, VP9, H.264 as Annex B, AV1 as a temporal unit, or Opus. */
  bytes: Buffer;
}

/** Unit of the time stamps: fine enough for any frame rate, and a cluster may still last 3 s. */
export const TICK_US = 100;
const CLUSTER_TICKS = 10_000;
const VIDEO_TRACK = 1;
const AUDIO_TRACK = 2;

/**
 * A live Matroska stream (RFC 9559) with our time stamps, for ffmpeg to read from a pipe. What goes in
 * comes out at once: clusters have no size, so none waits for its end.
 */
export class MatroskaWriter {
  readonly #tracks: MatroskaTracks;
  #begun = false;
  #clusterTicks = Number.NEGATIVE_INFINITY;

  constructor(tracks: MatroskaTracks) {
    this.#tracks = tracks;
  }

  /**
   * The bytes for one packet, those of the header before the first. With pictures, that is a key frame:
   * what comes before it is left out, since nobody could show it.
   */
  write(packet: MediaPacket): Buffer[] {
    const bytes: Buffer[] = [];
    if (!this.#begun) {
      const header = this.#header(packet);
      if (header === null) return [];
      this.#begun = true;
      bytes.push(header);
    }
    const ticks = Math.max(0, Math.round(packet.timeUs / TICK_US));
    if (this.#wantsCluster(packet, ticks)) {
      this.#clusterTicks = ticks;
      bytes.push(openElement(0x1f43b675), unsigned(0xe7, ticks));
    }
    bytes.push(this.#block(packet, ticks));
    return bytes;
  }

  #wantsCluster({ media, keyFrame }: MediaPacket, ticks: number): boolean {
    const distance = ticks - this.#clusterTicks;
    if (distance > CLUSTER_TICKS || distance < -CLUSTER_TICKS) return true;
    return media === 'video' && keyFrame && distance > 0;
  }

  /** A BlockGroup, which can say how long the packet lasts (RFC 9559, 5.1.3.5). */
  #block({ media, keyFrame, durationUs, bytes }: MediaPacket, ticks: number): Buffer {
    const head = Buffer.alloc(4);
    head[0] = 0x80 | (media === 'video' ? VIDEO_TRACK : AUDIO_TRACK);
    head.writeInt16BE(ticks - this.#clusterTicks, 1);
    const codec = media === 'video' ? this.#tracks.video?.codec : 'opus';
    const block = element(0xa1, head, contained(bytes, codec));
    const duration = unsigned(0x9b, Math.max(1, Math.round(durationUs / TICK_US)));
    // A reference to anything says that it is no key frame; minus one tick is as good as any.
    const reference = keyFrame ? [] : [element(0xfb, Buffer.from([0xff]))];
    return element(0xa0, block, duration, ...reference);
  }

  /** Null while the stream cannot begin. */
  #header(packet: MediaPacket): Buffer | null {
    const { video, audio, file } = this.#tracks;
    const entries: Buffer[] = [];
    if (video) {
      if (packet.media !== 'video' || !packet.keyFrame) return null;
      const configuration = configurationOf(packet.bytes, video.codec);
      if (configuration === null) return null;
      entries.push(videoEntry(video, configuration));
    }
    if (audio) entries.push(audioEntry());
    return Buffer.concat([
      ebmlHeader(file ?? 'matroska'),
      openElement(0x18538067),
      ...(file ? [voidElement(SEEK_HEAD_BYTES)] : []),
      segmentInfo(file ? [voidElement(DURATION_BYTES)] : []),
      element(0x1654ae6b, ...entries),
    ]);
  }
}

/** Room for an element that says where the index is, and for one that says how long the file lasts. */
export const SEEK_HEAD_BYTES = 26;
export const DURATION_BYTES = 11;

/** `bytes` in all, 2 to 128. */
const voidElement = (bytes: number): Buffer => element(0xec, Buffer.alloc(bytes - 2));

const ebmlHeader = (type: string): Buffer =>
  element(
    0x1a45dfa3,
    ...[unsigned(0x4286, 1), unsigned(0x42f7, 1), unsigned(0x42f2, 4), unsigned(0x42f3, 8)],
    ...[text(0x4282, type), unsigned(0x4287, 4), unsigned(0x4285, 2)],
  );

const segmentInfo = (room: Buffer[]): Buffer => {
  const names = [text(0x4d80, 'Rostrum'), text(0x5741, 'Rostrum')];
  return element(0x1549a966, unsigned(0x2ad7b1, TICK_US * 1000), ...names, ...room);
};

const track = (number: number, type: number, codec: string, ...rest: Buffer[]): Buffer =>
  element(
    0xae,
    ...[unsigned(0xd7, number), unsigned(0x73c5, number), unsigned(0x83, type), unsigned(0x9c, 0)],
    ...[text(0x86, codec), ...rest],
  );

function videoEntry({ codec, width, height, fps }: MatroskaVideo, configuration: Buffer): Buffer {
  const size = element(0xe0, unsigned(0xb0, width), unsigned(0xba, height));
  const frame = unsigned(0x23e383, Math.round(1e9 / fps));
  const name = codec === 'h264' ? 'V_MPEG4/ISO/AVC' : `V_${codec.toUpperCase()}`;
  const privateData = configuration.length === 0 ? [] : [element(0x63a2, configuration)];
  return track(VIDEO_TRACK, 1, name, ...privateData, frame, size);
}

/** What a decoder must know before the first picture, empty where that says it all; null when it is missing. */
function configurationOf(bytes: Buffer, codec: MatroskaVideo['codec']): Buffer | null {
  if (codec === 'h264') return avcConfiguration(bytes);
  return codec === 'av1' ? av1Configuration(bytes) : Buffer.alloc(0);
}

/** A packet as containers hold it. */
function contained(bytes: Buffer, codec: MatroskaVideo['codec'] | 'opus' | undefined): Buffer {
  if (codec === 'h264') return lengthPrefixed(bytes);
  return codec === 'av1' ? withoutDelimiter(bytes) : bytes;
}

/** Version 1, two channels, nothing skipped, 48 kHz, no gain, mapping family 0 (RFC 7845, 5.1). */
const OPUS_HEAD = Buffer.concat([Buffer.from('OpusHead'), Buffer.from('0102000080bb0000000000', 'hex')]);

function audioEntry(): Buffer {
  const form = element(0xe1, float(0xb5, 48_000), unsigned(0x9f, 2));
  return track(AUDIO_TRACK, 2, 'A_OPUS', element(0x63a2, OPUS_HEAD), unsigned(0x56bb, 80_000_000), form);
}
