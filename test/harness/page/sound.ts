/** One audio context for the whole page: browsers allow only a few. */
let shared: AudioContext | undefined;

function context(): AudioContext {
  shared ??= new AudioContext({ sampleRate: 48_000 });
  return shared;
}

/** A steady tone as an audio track. */
export class Tone {
  readonly track: MediaStreamTrack;
  readonly #oscillator: OscillatorNode;

  constructor(frequencyHz: number) {
    this.#oscillator = new OscillatorNode(context(), { frequency: frequencyHz });
    const gain = new GainNode(context(), { gain: 0.2 });
    const target = new MediaStreamAudioDestinationNode(context(), { channelCount: 1 });
    this.#oscillator.connect(gain).connect(target);
    this.#oscillator.start();
    this.track = target.stream.getAudioTracks()[0]!;
  }

  close(): void {
    this.#oscillator.stop();
    this.track.stop();
  }
}

/** Hears how strong single tones are in a stream. */
export class Spectrum {
  readonly #analyser: AnalyserNode;
  readonly #source: MediaStreamAudioSourceNode;

  constructor(track: MediaStreamTrack) {
    this.#source = new MediaStreamAudioSourceNode(context(), { mediaStream: new MediaStream([track]) });
    this.#analyser = new AnalyserNode(context(), {
      fftSize: 16_384,
      smoothingTimeConstant: 0,
      minDecibels: -140,
      maxDecibels: 0,
    });
    const silence = new GainNode(context(), { gain: 0 });
    this.#source.connect(this.#analyser).connect(silence).connect(context().destination);
  }

  /** Level of each tone in dB: the strongest bin within 3 bins of its frequency, −140 for none. */
  levelsDb(frequenciesHz: number[]): number[] {
    const bins = new Float32Array(this.#analyser.frequencyBinCount);
    this.#analyser.getFloatFrequencyData(bins);
    const binHz = context().sampleRate / this.#analyser.fftSize;
    return frequenciesHz.map((frequencyHz) => {
      const middle = Math.round(frequencyHz / binHz);
      const near = bins.slice(Math.max(0, middle - 3), middle + 4);
      return Math.max(-140, ...near);
    });
  }

  close(): void {
    this.#source.disconnect();
    this.#analyser.disconnect();
  }
}
