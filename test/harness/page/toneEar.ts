import { BeepEar } from '../clapping/beepEar.ts';
import { audioZeroMs, context } from './sound.ts';

/** Runs on the audio thread: hands on what it hears, 10 ms at a time, in both channels alike. */
const processor = `
registerProcessor('recorder', class extends AudioWorkletProcessor {
  block = new Float32Array(960);
  length = 0;
  process([[samples]]) {
    for (let i = 0; i < 128; i++) {
      this.block[2 * this.length] = this.block[2 * this.length + 1] = samples ? samples[i] : 0;
      if (++this.length < 480) continue;
      this.port.postMessage({ atS: (currentFrame + i - 479) / sampleRate, samples: this.block });
      this.length = 0;
    }
    return true;
  }
});`;

let loaded: Promise<void> | undefined;

/** The same module for all, once. */
function load(): Promise<void> {
  const url = URL.createObjectURL(new Blob([processor], { type: 'text/javascript' }));
  loaded ??= context().audioWorklet.addModule(url);
  return loaded;
}

/** Hears when beeps of several tones begin in one stream, in ms of the page's clock. */
export class ToneEar {
  /** Per tone. */
  readonly beepsMs: number[][];
  readonly #ears: BeepEar[];
  readonly #source: MediaStreamAudioSourceNode;
  readonly #node: AudioWorkletNode;

  static async open(track: MediaStreamTrack, tonesHz: number[]): Promise<ToneEar> {
    await load();
    return new ToneEar(track, tonesHz);
  }

  private constructor(track: MediaStreamTrack, tonesHz: number[]) {
    this.beepsMs = tonesHz.map(() => []);
    this.#ears = tonesHz.map((toneHz) => new BeepEar(toneHz));
    this.#source = new MediaStreamAudioSourceNode(context(), { mediaStream: new MediaStream([track]) });
    this.#node = new AudioWorkletNode(context(), 'recorder');
    this.#node.port.onmessage = ({ data: { atS, samples } }) => this.#hear(atS, samples);
    const silence = new GainNode(context(), { gain: 0 });
    this.#source.connect(this.#node).connect(silence).connect(context().destination);
  }

  close(): void {
    this.#source.disconnect();
    this.#node.disconnect();
  }

  #hear(atS: number, samples: Float32Array): void {
    for (const [index, ear] of this.#ears.entries()) {
      for (const sample of ear.push(samples)) {
        this.beepsMs[index]!.push(audioZeroMs() + (atS + sample / 48_000) * 1000);
      }
    }
  }
}
