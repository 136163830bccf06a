import { box, fullBox, u8, u16, u32 } from './boxes.ts';

/** Ticks per second of the two tracks. */
export const VIDEO_TIMESCALE = 90_000;
export const SOUND_TIMESCALE = 48_000;

/** A stream of one track each, as CMAF wants it (ISO/IEC 23000-19). */
const TRACK = 1;
const MATRIX = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
const text = (value: string): Buffer => Buffer.from(value, 'latin1');

/** @param configuration `avcC` (ISO/IEC 14496-15 5.3.3.1) */
export function videoInit(configuration: Buffer, width: number, height: number): Buffer {
  const DPI_72 = 0x480000;
  const entry = box(
    'avc1',
    ...[Buffer.alloc(6), u16(1), Buffer.alloc(16), u16(width, height), u32(DPI_72, DPI_72, 0), u16(1)],
    ...[Buffer.alloc(32), u16(24, 0xffff), box('avcC', configuration)],
  );
  const header = fullBox('vmhd', 0, 1, u16(0, 0, 0, 0));
  return movie({ timescale: VIDEO_TIMESCALE, handler: 'vide', header, entry, width, height, volume: 0 });
}

/** AAC-LC, 48 kHz, stereo. */
export function soundInit(): Buffer {
  const entry = box(
    'mp4a',
    ...[Buffer.alloc(6), u16(1), Buffer.alloc(8), u16(2, 16, 0, 0), u32(SOUND_TIMESCALE * 2 ** 16)],
    elementaryStream(),
  );
  const header = fullBox('smhd', 0, 0, u16(0, 0));
  const fields = { width: 0, height: 0, volume: 0x0100 };
  return movie({ timescale: SOUND_TIMESCALE, handler: 'soun', header, entry, ...fields });
}

/** AudioSpecificConfig (ISO/IEC 14496-3 1.6.2.1): object type 2, 48 kHz, two channels. */
const AAC_LC_48K_STEREO = u8(0x11, 0x90);

/** `esds` (ISO/IEC 14496-14 5.6.1): descriptors inside each other, each with its length. */
function elementaryStream(): Buffer {
  const descriptor = (tag: number, ...content: Buffer[]): Buffer => {
    const body = Buffer.concat(content);
    return Buffer.concat([u8(tag, body.length), body]);
  };
  const AAC = 0x40;
  const AUDIO_STREAM = 0x15;
  const specific = descriptor(5, AAC_LC_48K_STEREO);
  const decoder = descriptor(4, u8(AAC, AUDIO_STREAM, 0, 0, 0), u32(0, 0), specific);
  return fullBox('esds', 0, 0, descriptor(3, u16(0), u8(0), decoder, descriptor(6, u8(2))));
}

interface Track {
  timescale: number;
  handler: 'vide' | 'soun';
  /** `vmhd` or `smhd`. */
  header: Buffer;
  /** The sample entry. */
  entry: Buffer;
  width: number;
  height: number;
  volume: number;
}

function movie(track: Track): Buffer {
  const brands = box('ftyp', text('iso6'), u32(0), text('iso6'), text('cmfc'), text('mp41'));
  const clock = u32(0, 0, 1000, 0);
  const movieHeader = fullBox(
    'mvhd',
    ...([0, 0, clock, u32(0x10000), u16(0x0100), Buffer.alloc(10), MATRIX, Buffer.alloc(24)] as const),
    u32(TRACK + 1),
  );
  const extends_ = box('mvex', fullBox('trex', 0, 0, u32(TRACK, 1, 0, 0, 0)));
  return Buffer.concat([brands, box('moov', movieHeader, trackBox(track), extends_)]);
}

function trackBox({ timescale, handler, header, entry, width, height, volume }: Track): Buffer {
  const ENABLED_IN_MOVIE = 3;
  const trackHeader = fullBox(
    'tkhd',
    ...([0, ENABLED_IN_MOVIE, u32(0, 0, TRACK, 0, 0), Buffer.alloc(8), u16(0, 0, volume, 0)] as const),
    ...[MATRIX, u32(width * 2 ** 16, height * 2 ** 16)],
  );
  const UNDETERMINED_LANGUAGE = 0x55c4;
  const mediaHeader = fullBox('mdhd', 0, 0, u32(0, 0, timescale, 0), u16(UNDETERMINED_LANGUAGE, 0));
  const handlerBox = fullBox('hdlr', 0, 0, u32(0), text(handler), Buffer.alloc(12), text('Rostrum\0'));
  const here = box('dinf', fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1)));
  const empty = ['stts', 'stsc', 'stco'].map((type) => fullBox(type, 0, 0, u32(0)));
  const samples = box(
    'stbl',
    fullBox('stsd', 0, 0, u32(1), entry),
    ...empty,
    fullBox('stsz', 0, 0, u32(0, 0)),
  );
  return box('trak', trackHeader, box('mdia', mediaHeader, handlerBox, box('minf', header, here, samples)));
}
