/** Which part of the server's work a sample of a call stack belongs to. */

import type { CpuParts } from '../compare/result.ts';

export type Part = keyof CpuParts;

/** One function on a stack, as the inspector names it. */
export interface StackFrame {
  functionName: string;
  url: string;
}

interface Rule {
  /** Within the path of the file. */
  path: RegExp;
  functionName?: RegExp;
  part: Part;
}

/** The first rule that matches a frame counts; frames are asked from the innermost outwards. */
const rules: Rule[] = [
  // Server.
  { path: /\/src\/rtc\/(deliver|shards)\/|\/src\/rtc\/delivery\./, part: 'send' },
  { path: /\/src\/rtc\/(publish|relay)\/|\/src\/rtc\/publisher\./, part: 'receive' },
  { path: /\/src\/live\/(publication|publications|soundMeter|stageLevels)\./, part: 'receive' },
  { path: /\/src\/live\/(deliveryLine|program|subscription|subscriptions)\./, part: 'send' },
  { path: /\/src\/(http|signaling|access|egress)\//, part: 'other' },
  // Mixer: making packets of what was encoded stands beside taking packets apart.
  {
    path: /\/mixer\/rtp\//,
    functionName: /^(cut|fragment|aggregate|buildRtp|splitAnnexB|flush)$/,
    part: 'encode',
  },
  { path: /\/mixer\/channel\./, functionName: /^send/, part: 'encode' },
  { path: /\/mixer\/(rtp|sync)\/|\/mixer\/(channel|source)\./, part: 'receive' },
  {
    path: /\/mixer\/video\/(encoder|rendition|snapshot|canvasFrames)|\/mixer\/audio\/(opusEncoder|audioRendition)/,
    part: 'encode',
  },
  {
    path: /\/mixer\/video\/(decoder|videoTrack|framePool)|\/mixer\/audio\/(opusDecoder|audioTrack|concealment|opusPacket)/,
    part: 'decode',
  },
  { path: /\/mixer\/(video|audio)\//, part: 'compose' },
];

/** Where no rule matched, what the outermost frame of ours says: who called, or what came in. */
const fallbacks: Rule[] = [
  { path: /\/src\/engine\/channel\./, functionName: /^#?(take|read)/, part: 'send' },
  { path: /\/src\/engine\//, part: 'receive' },
  { path: /\/src\/rtc\//, part: 'receive' },
  { path: /^node:dgram$/, part: 'receive' },
];

/** @param stack innermost frame first */
export function partOf(stack: readonly StackFrame[]): Part {
  for (const frame of stack) {
    const rule = rules.find((each) => matches(each, frame));
    if (rule !== undefined) return rule.part;
  }
  const rule = fallbacks.find((each) => stack.some((frame) => matches(each, frame)));
  return rule?.part ?? 'other';
}

function matches({ path, functionName }: Rule, frame: StackFrame): boolean {
  return path.test(frame.url) && (functionName === undefined || functionName.test(frame.functionName));
}

export const emptyParts = (): CpuParts => ({
  receive: 0,
  decode: 0,
  compose: 0,
  encode: 0,
  send: 0,
  other: 0,
});

export const sumOf = (parts: CpuParts): number => Object.values(parts).reduce((sum, each) => sum + each, 0);
