import type { RangeDecoder } from './rangeDecoder.ts';
import * as tables from './silkTables.ts';

/** How a SILK frame is coded that stands alone: not after another one in the same packet. */
export interface SilkShape {
  /** 8, 12 or 16. */
  kHz: number;
  /** 10 or 20. */
  frameMs: number;
}

const VOICED = 2;
const BLOCK = 16;
/** In this many pulses a block has more than its table can say, and low bits follow. */
const MORE = 17;
const MAX_LOW_BITS = 10;
/** The rate whose table is used once low bits follow. */
const LOW_BITS_RATE = 9;
const SYMBOLS_PER_RATE = 18;
const LSF_SYMBOLS = 9;

const filters = [tables.filters0, tables.filters1, tables.filters2];
const splits = [tables.split16, tables.split8, tables.split4, tables.split2];
const gains = [tables.gainsUnvoiced, tables.gainsVoiced];

/**
 * Reads an active SILK frame from its first symbol to its last and keeps nothing: what is wanted is where
 * it ends (RFC 6716 4.2.7, in the order of table 5).
 *
 * @returns a number made of all its symbols: two frames with the same one are the same
 */
export function passSilkFrame(from: RangeDecoder, { kHz, frameMs }: SilkShape): number {
  let digest = 0;
  const read = (cdf: ArrayLike<number>, start = 0): number => {
    const symbol = from.symbol(cdf, start);
    digest = (Math.imul(digest, 31) + symbol + 1) | 0;
    return symbol;
  };
  const type = read(tables.frameTypes) + 2;
  const isVoiced = type >> 1 === VOICED;
  const subframes = frameMs / 5;
  read(gains[isVoiced ? 1 : 0]!);
  read(tables.uniform8);
  for (let i = 1; i < subframes; i++) read(tables.gainSteps);
  passFrequencies(read, isVoiced, kHz, subframes);
  if (isVoiced) passPrediction(read, kHz, subframes);
  read(tables.uniform4);
  passExcitation(read, type, Math.ceil((kHz * frameMs) / BLOCK));
  return digest;
}

type Read = (cdf: ArrayLike<number>, start?: number) => number;

/** 4.2.7.5 */
function passFrequencies(read: Read, isVoiced: boolean, kHz: number, subframes: number): void {
  const isWide = kHz === 16;
  const order = isWide ? 16 : 10;
  const vector = read(isWide ? tables.lsfFirstWide : tables.lsfFirstNarrow, isVoiced ? 32 : 0);
  const choice = isWide ? tables.lsfChoiceWide : tables.lsfChoiceNarrow;
  const second = isWide ? tables.lsfSecondWide : tables.lsfSecondNarrow;
  for (let i = 0; i < order; i++) {
    const residual = read(second, choice[vector * order + i]! * LSF_SYMBOLS);
    if (residual === 0 || residual === LSF_SYMBOLS - 1) read(tables.lsfExtension);
  }
  if (subframes === 4) read(tables.lsfInterpolation);
}

/** 4.2.7.6 */
function passPrediction(read: Read, kHz: number, subframes: number): void {
  read(tables.lagHigh);
  read(kHz === 16 ? tables.uniform8 : kHz === 12 ? tables.uniform6 : tables.uniform4);
  if (kHz === 8) read(subframes === 4 ? tables.contourNarrow20 : tables.contourNarrow10);
  else read(subframes === 4 ? tables.contourWide20 : tables.contourWide10);
  const kind = read(tables.filterKinds);
  for (let i = 0; i < subframes; i++) read(filters[kind]!);
  read(tables.filterScales);
}

/** 4.2.7.8 */
function passExcitation(read: Read, type: number, blocks: number): void {
  const rate = read(type >> 1 === VOICED ? tables.rateVoiced : tables.rateUnvoiced);
  const counts: number[] = [];
  const lowBits: number[] = [];
  for (let block = 0; block < blocks; block++) {
    let bits = 0;
    let count = read(tables.pulseCounts, rate * SYMBOLS_PER_RATE);
    while (count === MORE) {
      bits++;
      count = read(tables.pulseCounts, LOW_BITS_RATE * SYMBOLS_PER_RATE + (bits === MAX_LOW_BITS ? 1 : 0));
    }
    counts.push(count);
    lowBits.push(bits);
  }
  const pulses = counts.map((count) => split(read, count, 0));
  for (const [index, block] of pulses.entries()) addLowBits(read, block, lowBits[index]!);
  for (const [index, block] of pulses.entries()) {
    passSigns(read, block, 7 * type + Math.min(6, counts[index]!));
  }
}

/** The pulses of a block, or of a part of it that has been halved `depth` times, one number per sample. */
function split(read: Read, count: number, depth: number): number[] {
  const samples = BLOCK >> depth;
  if (samples === 1) return [count];
  if (count === 0) return new Array(samples).fill(0);
  // A table for n pulses has n + 1 symbols, and begins after those for fewer.
  const left = read(splits[depth]!, ((count - 1) * (count + 2)) / 2);
  return [...split(read, left, depth + 1), ...split(read, count - left, depth + 1)];
}

function addLowBits(read: Read, block: number[], bits: number): void {
  if (bits === 0) return;
  for (let i = 0; i < block.length; i++) {
    for (let bit = 0; bit < bits; bit++) block[i] = 2 * block[i]! + read(tables.lowBit);
  }
}

function passSigns(read: Read, block: number[], table: number): void {
  const sign = [tables.signs[table]!, 0];
  for (const pulses of block) if (pulses > 0) read(sign);
}
