import type { SourceKind, SourceLevel } from '../../mixer/protocol/control.ts';
import { SILENT_DB } from './soundMeter.ts';

/** Louder than this is speech; room noise after a browser's noise suppression stays below. */
const SPEECH_DB = -45;
/** Speech this long takes effect: a cough does not. */
const ATTACK_MS = 300;
/** Pauses between words up to this long do not end it. */
const PAUSE_MS = 400;
/** Speaking goes on this long after the last word. */
const HOLD_MS = 2_000;

interface Voice {
  participant: string;
  kind: SourceKind;
  peakDb: number;
  /** Since when it has been speech, with pauses. */
  sinceMs: number;
  loudMs: number;
  speaking: boolean;
}

/** How loud speakers are by their own word (RFC 6464), for rooms in which nobody decodes them. */
export class Voices {
  readonly #voices = new Map<string, Voice>();

  /** A packet of somebody's sound came. */
  heard(participant: string, kind: SourceKind, levelDb: number, nowMs: number): void {
    const voice = this.#voice(participant, kind);
    voice.peakDb = Math.max(voice.peakDb, levelDb);
    if (levelDb <= SPEECH_DB) return;
    if (nowMs - voice.loudMs > PAUSE_MS) voice.sinceMs = nowMs;
    voice.loudMs = nowMs;
    if (nowMs - voice.sinceMs >= ATTACK_MS) voice.speaking = true;
  }

  /** They are not heard any more: muted, or gone. */
  drop(participant: string, kind: SourceKind): void {
    this.#voices.delete(`${kind} ${participant}`);
  }

  /** The highest level of each since the last call, and who speaks. */
  take(nowMs: number): SourceLevel[] {
    return [...this.#voices.values()].map((voice) => {
      const { participant, kind, peakDb, loudMs } = voice;
      voice.peakDb = SILENT_DB;
      if (nowMs - loudMs > HOLD_MS) voice.speaking = false;
      return { participant, kind, levelDb: peakDb, speaking: voice.speaking };
    });
  }

  forget(): void {
    this.#voices.clear();
  }

  #voice(participant: string, kind: SourceKind): Voice {
    const key = `${kind} ${participant}`;
    const known = this.#voices.get(key);
    if (known) return known;
    const voice: Voice = {
      ...{ participant, kind, peakDb: SILENT_DB, speaking: false },
      ...{ sinceMs: Number.NEGATIVE_INFINITY, loudMs: Number.NEGATIVE_INFINITY },
    };
    this.#voices.set(key, voice);
    return voice;
  }
}
