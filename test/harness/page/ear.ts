import { context } from './sound.ts';

/** Louder than this is a beep, after it has been quiet for 0.1 s. */
const LOUD = 0.02;
const QUIET_S = 0.1;

/** Runs on the audio thread: tells when each beep begins, on the audio context's clock. */
const processor = `
registerProcessor('ear', class extends AudioWorkletProcessor {
  loudAt = -1;
  process([[samples]]) {
    for (let i = 0; samples && i < samples.length; i++) {
      if (Math.abs(samples[i]) < ${LOUD}) continue;
      const at = (currentFrame + i) / sampleRate;
      if (at - this.loudAt > ${QUIET_S}) this.port.postMessage(at);
      this.loudAt = at;
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

/** Hears when beeps begin in a stream, in seconds of the audio context that makes them, too. */
export class Ear {
  readonly beepsS: number[] = [];
  readonly #source: MediaStreamAudioSourceNode;
  readonly #node: AudioWorkletNode;

  static async open(track: MediaStreamTrack): Promise<Ear> {
    await load();
    return new Ear(track);
  }

  private constructor(track: MediaStreamTrack) {
    this.#source = new MediaStreamAudioSourceNode(context(), { mediaStream: new MediaStream([track]) });
    this.#node = new AudioWorkletNode(context(), 'ear');
    this.#node.port.onmessage = ({ data }) => this.beepsS.push(data);
    const silence = new GainNode(context(), { gain: 0 });
    this.#source.connect(this.#node).connect(silence).connect(context().destination);
  }

  close(): void {
    this.#source.disconnect();
    this.#node.disconnect();
  }
}
