import { AudioTrack } from '../../../mixer/audio/audioTrack.ts';
import { SourceTimeline } from '../../../mixer/sync/sourceTimeline.ts';
import { giveFrame } from '../../../mixer/video/framePool.ts';
import { VideoTrack } from '../../../mixer/video/videoTrack.ts';
import { Camera, RED, solid, WHITE } from './camera.ts';
import { Microphone } from './microphone.ts';
import { Random } from './random.ts';
import { peak } from './sound.ts';

const MS = 1000;
const S = 1e6;
const SIZE = { width: 64, height: 48 };
const NTP_BASE = 3_900_000_000 * S;
/** A flash and a beep begin together, this often, and last a fifth of it. */
const BEAT_US = 1 * S;

export interface Network {
  seed: number;
  audioPathMs: number;
  videoPathMs: number;
  jitterMs: number;
  audioLoss: number;
  videoLoss: number;
  /** How much faster the sender's clocks run. */
  ppm: number;
}

/**
 * One speaker whose flashes and beeps begin at the same moment, over two bad paths, and what the
 * program makes of them: times are those at which a viewer sees and hears.
 */
export class Clapper {
  readonly #timeline = new SourceTimeline();
  readonly #audio = new AudioTrack(this.#timeline);
  readonly #video: VideoTrack;
  readonly #camera = new Camera({ codec: 'vp8', ...SIZE });
  readonly #microphone = new Microphone({ hz: 800, rtpTimestamp: 2 ** 32 - 480_000 });
  readonly #random: Random;
  readonly #network: Network;
  readonly #sent = new Map<number, Buffer>();
  #arrivals: { atUs: number; deliver: (atUs: number) => void }[] = [];
  readonly #flashes: number[] = [];
  readonly #beeps: number[] = [];
  #wasWhite = false;
  #wasLoud = false;
  #nowUs = 1000 * S;
  #nextAudioUs = this.#nowUs;
  #nextVideoUs = this.#nowUs;
  #keyFrame = true;

  constructor(network: Network) {
    this.#network = network;
    this.#random = new Random(network.seed);
    this.#video = new VideoTrack('vp8', 1e6, this.#timeline, {
      nack: (sequences) => this.#retransmit(sequences),
      keyFrameWanted: () => {
        this.#keyFrame = true;
      },
      refused: () => {},
      accepted: () => {},
    });
    this.#timeline.setAudio(this.#audio.clock);
    this.#timeline.setVideo(this.#video.clock);
  }

  /** How much later than its beep each flash is seen, ms. */
  run(seconds: number): number[] {
    const startUs = this.#nowUs;
    for (let step = 0; step < seconds * 100; step++) {
      this.#nowUs = startUs + step * 10 * MS;
      this.#send();
      this.#receive();
      if (step % 2 === 0) this.#hear();
      if (step % 3 === 0) this.#see();
    }
    this.#video.close();
    this.#audio.close();
    this.#camera.close();
    this.#microphone.close();
    return this.#flashes.flatMap((us) => {
      const nearest = this.#beeps.reduce(
        (best, beep) => (Math.abs(beep - us) < Math.abs(best - us) ? beep : best),
        0,
      );
      return Math.abs(nearest - us) < BEAT_US / 2 ? [(us - nearest) / MS] : [];
    });
  }

  #send(): void {
    const faster = 1 - this.#network.ppm / 1e6;
    for (; this.#nextAudioUs <= this.#nowUs; this.#nextAudioUs += 20 * MS * faster)
      this.#sendSound(this.#nextAudioUs);
    for (; this.#nextVideoUs <= this.#nowUs; this.#nextVideoUs += (100 / 3) * MS * faster) {
      this.#sendPicture(this.#nextVideoUs);
    }
  }

  /** By whole ticks, so that no rounding moves a beat to the next packet. */
  #isBeat(ticks: number, rate: number): boolean {
    return ticks % rate < rate / 5;
  }

  #sendSound(capturedUs: number): void {
    const { audioPathMs, audioLoss } = this.#network;
    const { rtpTimestamp } = this.#microphone;
    const ticks = (rtpTimestamp + 480_000) % 2 ** 32;
    this.#report(ticks / 48, capturedUs, this.#audio, rtpTimestamp);
    this.#microphone.amplitude = this.#isBeat(ticks, 48_000) ? 0.5 : 0;
    const { packet } = this.#microphone.record();
    // Captured for 20 ms before it can be sent.
    this.#arrive(audioPathMs + 20, audioLoss, (atUs) => this.#audio.push(packet, atUs));
  }

  #sendPicture(capturedUs: number): void {
    const { videoPathMs, videoLoss } = this.#network;
    const ticks = (this.#camera.rtpTimestamp + 30_000) % 2 ** 32;
    this.#report(ticks / 90, capturedUs, this.#video, this.#camera.rtpTimestamp);
    const keyFrame = this.#keyFrame;
    this.#keyFrame = false;
    for (const packet of this.#camera.shoot(
      solid(SIZE, this.#isBeat(ticks, 90_000) ? WHITE : RED),
      keyFrame,
    )) {
      this.#sent.set(packet.readUInt16BE(2), packet);
      this.#arrive(videoPathMs, videoLoss, (atUs) => this.#video.push(packet, atUs));
    }
  }

  /** Sender reports each few seconds, from the third second on. */
  #report(mediaMs: number, capturedUs: number, track: AudioTrack | VideoTrack, rtpTimestamp: number): void {
    if (mediaMs < 2000 || mediaMs % 3000 > 19) return;
    track.clock.noteReport(NTP_BASE + capturedUs, rtpTimestamp);
  }

  #retransmit(sequences: number[]): void {
    const { videoPathMs, videoLoss } = this.#network;
    for (const sequence of sequences) {
      const packet = this.#sent.get(sequence)!;
      this.#arrive(2 * videoPathMs, videoLoss, (atUs) => this.#video.push(packet, atUs));
    }
  }

  #arrive(delayMs: number, loss: number, deliver: (atUs: number) => void): void {
    if (this.#random.chance(loss)) return;
    const atUs = this.#nowUs + (delayMs + this.#random.fraction() * this.#network.jitterMs) * MS;
    this.#arrivals.push({ atUs, deliver });
  }

  #receive(): void {
    const due = this.#arrivals.filter(({ atUs }) => atUs <= this.#nowUs).sort((a, b) => a.atUs - b.atUs);
    this.#arrivals = this.#arrivals.filter(({ atUs }) => atUs > this.#nowUs);
    for (const { atUs, deliver } of due) deliver(atUs);
    this.#video.poll(this.#nowUs);
  }

  #hear(): void {
    const block = this.#audio.pull(this.#nowUs);
    const at = block === null ? -1 : block.findIndex((sample) => Math.abs(sample) > 0.15);
    if (at >= 0 && !this.#wasLoud) this.#beeps.push(this.#nowUs + (at / 2 / 48) * MS);
    this.#wasLoud = block !== null && peak(block) > 0.15;
  }

  #see(): void {
    this.#video.decode(this.#nowUs);
    const picture = this.#video.due(this.#nowUs);
    if (picture === null) return;
    const isWhite = picture.frame.data![0]![0]! > 160;
    giveFrame(picture.frame);
    if (isWhite && !this.#wasWhite) this.#flashes.push(this.#nowUs);
    this.#wasWhite = isWhite;
  }
}

export const goodNetwork: Network = {
  seed: 1,
  audioPathMs: 15,
  videoPathMs: 25,
  jitterMs: 2,
  audioLoss: 0,
  videoLoss: 0,
  ppm: 0,
};

/** Mean and extremes of some offsets, ms. */
export const spread = (offsets: number[]) => ({
  count: offsets.length,
  mean: offsets.reduce((sum, value) => sum + value, 0) / offsets.length,
  min: Math.min(...offsets),
  max: Math.max(...offsets),
});
