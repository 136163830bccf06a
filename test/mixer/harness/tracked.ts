import { SourceTimeline } from '../../../mixer/sync/sourceTimeline.ts';
import { giveFrame } from '../../../mixer/video/framePool.ts';
import type { Yuv } from '../../../mixer/video/planes.ts';
import { VideoTrack, type VideoTrackEvents } from '../../../mixer/video/videoTrack.ts';
import { Camera, type CameraSettings } from './camera.ts';

const MS = 1000;

/** A camera and the track that receives it, with everything the track said. */
export class Tracked {
  readonly timeline = new SourceTimeline();
  readonly camera: Camera;
  readonly track: VideoTrack;
  readonly nacks: number[] = [];
  /** When key frames were asked for, ms. */
  readonly keyFramesWanted: number[] = [];
  readonly said: string[] = [];
  nowUs = 1e9;
  /** Lost on their way: chosen by the test. */
  loses: (index: number) => boolean = () => false;
  #index = 0;

  /** @param costUs what each decoded picture is said to have taken */
  constructor(settings: CameraSettings, maxPixels = 1920 * 1080, costUs = 0) {
    this.camera = new Camera(settings);
    const events: VideoTrackEvents = {
      nack: (sequences) => this.nacks.push(...sequences),
      keyFrameWanted: () => this.keyFramesWanted.push(this.nowUs / MS),
      refused: (code) => this.said.push(code),
      accepted: () => this.said.push('accepted'),
    };
    let readings = 0;
    // Read before and after each picture.
    const stopwatch = () => {
      const timeUs = Math.ceil(readings++ / 2) * costUs;
      return { timeUs, workUs: timeUs };
    };
    this.track = new VideoTrack(settings.codec, maxPixels, this.timeline, events, stopwatch);
    this.timeline.setVideo(this.track.clock);
  }

  /** Pictures of one colour, a key frame where one is asked for; time passes with each. */
  film(colour: Yuv, count = 1, keyFrame?: boolean): void {
    for (let i = 0; i < count; i++) {
      this.deliver(this.camera.shoot(colour, keyFrame));
      this.advance((this.camera.ticksPerPicture * 1000) / 90);
    }
  }

  deliver(packets: Buffer[]): void {
    for (const packet of packets) if (!this.loses(this.#index++)) this.track.push(packet, this.nowUs);
    this.track.decode(this.nowUs);
  }

  advance(us: number): void {
    for (const endUs = this.nowUs + us; this.nowUs < endUs; ) {
      this.nowUs = Math.min(endUs, this.nowUs + 5 * MS);
      this.track.poll(this.nowUs);
      this.track.decode(this.nowUs);
    }
  }

  /** Luma in the middle of the picture that is due now; undefined when none is. */
  shown(): number | undefined {
    const next = this.track.due(this.nowUs);
    if (next === null) return undefined;
    const { frame } = next;
    const luma = frame.data![0]![(frame.height >> 1) * frame.linesize[0]! + (frame.width >> 1)];
    giveFrame(frame);
    return luma;
  }

  close(): void {
    this.track.close();
    this.camera.close();
  }
}
