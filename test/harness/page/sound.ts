import type { Beat } from './camera.ts';

/** One audio context for the whole page: browsers allow only a few. */
let shared: AudioContext | undefined;

export function context(): AudioContext {
  shared ??= new AudioContext({ sampleRate: 48_000 });
  return shared;
}

/** A steady tone as an audio track. */
export class Tone {
  readonly track: MediaStreamTrack;
  readonly #oscillator: OscillatorNode;
  /** When each beep began, in seconds of the audio context. */
  readonly beepsS: number[] = [];
  #endBeat = () => {};

  constructor(frequencyHz: number, beat?: Beat) {
    this.#oscillator = new OscillatorNode(context(), { frequency: frequencyHz });
    const gain = new GainNode(context(), { gain: beat ? 0 : 0.2 });
    if (beat) this.#endBeat = keepBeat(gain.gain, beat, this.beepsS);
    const target = new MediaStreamAudioDestinationNode(context(), { channelCount: 1 });
    this.#oscillator.connect(gain).connect(target);
    this.#oscillator.start();
    this.track = target.stream.getAudioTracks()[0]!;
  }

  close(): void {
    this.#endBeat();
    this.#oscillator.stop();
    this.track.stop();
  }
}

/** Beats are set this long before they sound, at most, and looked after this often. */
const AHEAD_MS = 700;
const EVERY_MS = 200;

/**
 * Opens `gain` at each beat. Each is set shortly before it sounds: a headless browser's audio clock falls
 * behind the page's by milliseconds a second, so beats set long before would come late.
 *
 * @returns ends it
 */
function keepBeat(gain: AudioParam, { startMs, lengthMs }: Beat, beepsS: number[]): () => void {
  let count = 0;
  const set = () => {
    const zeroMs = audioZeroMs();
    for (; startMs + count * 1000 < performance.now() + AHEAD_MS; count++) {
      const atS = (startMs + count * 1000 - zeroMs) / 1000;
      gain.setValueAtTime(0.2, Math.max(0, atS));
      beepsS.push(atS);
      gain.setValueAtTime(0, Math.max(0, atS + lengthMs / 1000));
    }
  };
  set();
  const timer = window.setInterval(set, EVERY_MS);
  return () => clearInterval(timer);
}

/**
 * When the audio clock was zero, by the page's, for sound as it is made and heard within the page; it leaves the
 * loudspeaker later by the output's latency. The audio clock moves in steps, `getOutputTimestamp` does not.
 */
export function audioZeroMs(): number {
  const { contextTime = 0, performanceTime = 0 } = context().getOutputTimestamp();
  if (performanceTime === 0) return performance.now() - context().currentTime * 1000;
  // Each step is rendered at once: on average half a step before it is due.
  const { baseLatency, outputLatency } = context();
  return performanceTime - (contextTime + outputLatency + baseLatency / 2) * 1000;
}

/** Hears how strong single tones are in a stream, or in a file that plays. */
export class Spectrum {
  readonly #analyser: AnalyserNode;
  readonly #source: AudioNode;

  constructor(from: MediaStreamTrack | HTMLMediaElement) {
    this.#source =
      from instanceof HTMLMediaElement
        ? new MediaElementAudioSourceNode(context(), { mediaElement: from })
        : new MediaStreamAudioSourceNode(context(), { mediaStream: new MediaStream([from]) });
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
