import { AudioTrack } from '../../../mixer/audio/audioTrack.ts';
import { BLOCK_LENGTH, BLOCK_US } from '../../../mixer/audio/format.ts';
import { SourceTimeline } from '../../../mixer/sync/sourceTimeline.ts';
import { joined } from './sound.ts';

/** Pulls a track every 20 ms, as the mix does, and keeps what it heard. */
export class Listener {
  readonly timeline = new SourceTimeline();
  readonly track = new AudioTrack(this.timeline);
  nowUs: number;
  /** Blocks in which the track gave nothing. */
  silentBlocks = 0;
  #blocks: Float32Array[] = [];
  #arrivals: { atUs: number; packet: Buffer }[] = [];
  readonly #keeps: boolean;

  constructor({ keeps = true, nowUs = 1e9 } = {}) {
    this.#keeps = keeps;
    this.nowUs = nowUs;
    this.timeline.setAudio(this.track.clock);
  }

  /** `packet` arrives at `atUs`; arrivals may be told in any order. */
  feed(packet: Buffer, atUs: number): void {
    this.#arrivals.push({ atUs, packet });
  }

  advance(ms: number): this {
    this.#arrivals.sort((a, b) => a.atUs - b.atUs);
    for (const endUs = this.nowUs + ms * 1000; this.nowUs < endUs; ) {
      this.nowUs += BLOCK_US;
      while (this.#arrivals.length > 0 && this.#arrivals[0]!.atUs <= this.nowUs) {
        const { packet, atUs } = this.#arrivals.shift()!;
        this.track.push(packet, atUs);
      }
      const block = this.track.pull(this.nowUs);
      if (block === null) this.silentBlocks++;
      if (this.#keeps)
        this.#blocks.push(block === null ? new Float32Array(BLOCK_LENGTH) : Float32Array.from(block));
    }
    return this;
  }

  get delayMs(): number {
    return this.timeline.audioDelayUs / 1000;
  }

  /** Everything heard since the last call. */
  take(): Float32Array {
    const sound = joined(this.#blocks);
    this.#blocks = [];
    return sound;
  }
}
