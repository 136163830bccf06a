import type { SourceKind } from '../protocol/control.ts';
import { AutomaticGain } from './automaticGain.ts';
import { Biquad, highPass } from './biquad.ts';
import { Expander } from './expander.ts';
import { Fader } from './fader.ts';
import { BLOCK_LENGTH, BLOCK_SAMPLES, type ChannelCount } from './format.ts';
import { LevelMeter, levelDb, SILENCE_DB } from './level.ts';
import type { Transit } from './transit.ts';

/** Speech has nothing below this; rumble, wind and handling noise have. */
const HIGH_PASS_HZ = 80;

/**
 * Louder than this, 12 dB over full scale, is no sound: what a damaged file or stream decodes to. Without a
 * bound one sample of it would silence filters and limiters, and with them everybody, for ever.
 */
const MOST_DB = 12;

/** What a strip is fed by: a speaker's track, or a file that plays. */
export interface SoundInput {
  readonly channels: ChannelCount;
  /** The next 20 ms, interleaved (valid until the next call), or null for silence. */
  pull(nowUs: number): Float32Array | null;
  /** What has left with the last block, where that is measured. */
  readonly transit?: Transit;
  close(): void;
}

const factorOf = (db: number) => 10 ** (db / 20);

/**
 * One source's channel strip. A speaker's voice, mono, goes through high-pass ▶ expander ▶ automatic
 * gain ▶ fader; a screen or a medium, stereo, is left as it was made and has a fader only.
 */
export class Strip {
  readonly participant: string;
  readonly kind: SourceKind;
  readonly level = new LevelMeter();
  readonly fader: Fader;
  /** Whether the automatic gain has a say; its measurements go on without. */
  automaticGain = true;
  readonly #input: SoundInput;
  readonly #voice: Float32Array | undefined;
  readonly #highPass = new Biquad(highPass(HIGH_PASS_HZ));
  readonly #expander = new Expander();
  readonly #automatic = new AutomaticGain();
  readonly #out = new Float32Array(BLOCK_LENGTH);
  #gain = 1;
  #wasSilent = true;

  /** @param gain of the fader, where it stands first */
  constructor(of: { participant: string; kind: SourceKind }, input: SoundInput, gain = 1) {
    this.participant = of.participant;
    this.kind = of.kind;
    this.#input = input;
    this.#voice = of.kind === 'camera' ? new Float32Array(BLOCK_SAMPLES) : undefined;
    this.fader = new Fader(gain);
  }

  get isVoice(): boolean {
    return this.#voice !== undefined;
  }

  /** The next block of stereo, valid until the next call; null while the source is silent. */
  advance(nowUs: number): Float32Array | null {
    const input = this.#input.pull(nowUs);
    // One more block after the last one: filters ring for a moment.
    if (input === null && this.#wasSilent) {
      this.level.push(SILENCE_DB, nowUs);
      return null;
    }
    this.#wasSilent = input === null;
    const { channels } = this.#input;
    const heardDb = this.#voice ? this.#speak(this.#voice, input, channels) : this.#pass(input, channels);
    const gain = this.fader.gain;
    this.level.push(gain === 0 ? SILENCE_DB : heardDb + 20 * Math.log10(gain), nowUs);
    this.fader.process(this.#out, 2);
    return this.#out;
  }

  #pass(input: Float32Array | null, channels: ChannelCount): number {
    if (input === null) this.#out.fill(0);
    else if (channels === 2) this.#out.set(input);
    else spread(input, this.#out);
    return soundOnly(this.#out);
  }

  #speak(voice: Float32Array, input: Float32Array | null, channels: ChannelCount): number {
    if (input === null) voice.fill(0);
    else if (channels === 1) voice.set(input);
    else for (let i = 0; i < voice.length; i++) voice[i] = (input[2 * i]! + input[2 * i + 1]!) / 2;
    soundOnly(voice);
    this.#highPass.process(voice, voice);
    const heardDb = levelDb(voice);
    this.#expander.process(voice);
    const automaticDb = this.#automatic.push(voice, this.#expander.open);
    this.#amplify(voice, this.automaticGain ? factorOf(automaticDb) : 1);
    return heardDb;
  }

  /** From the last block's gain to this one's, into both channels. */
  #amplify(voice: Float32Array, gain: number): void {
    const from = this.#gain;
    const slope = (gain - from) / BLOCK_SAMPLES;
    const out = this.#out;
    for (let i = 0; i < BLOCK_SAMPLES; i++) {
      const value = voice[i]! * (from + slope * (i + 1));
      out[2 * i] = value;
      out[2 * i + 1] = value;
    }
    this.#gain = gain;
  }
}

function spread(mono: Float32Array, stereo: Float32Array): void {
  for (let i = 0; i < mono.length; i++) {
    stereo[2 * i] = mono[i]!;
    stereo[2 * i + 1] = mono[i]!;
  }
}

/** Makes silence of what is none, numbers that are none included. @returns the level, dBov */
function soundOnly(block: Float32Array): number {
  const db = levelDb(block);
  if (db <= MOST_DB) return db;
  block.fill(0);
  return SILENCE_DB;
}
