import { AudioTrack } from './audio/audioTrack.ts';
import { nowUs, threadTurns } from './clock.ts';
import type { AddTrack, FromMixer, SourceKind, SpeakerCodec } from './protocol/control.ts';
import { SourceTimeline } from './sync/sourceTimeline.ts';
import { VideoTrack, type VideoTrackEvents } from './video/videoTrack.ts';
import { WorkClock } from './workClock.ts';

/** Of the main thread, which decodes. */
const work = new WorkClock(nowUs, threadTurns);

/** What one participant sends of one kind: a camera with its microphone, a screen with its sound. */
export class Source {
  readonly participant: string;
  readonly kind: SourceKind;
  readonly timeline = new SourceTimeline();
  audio: AudioTrack | undefined;
  video: VideoTrack | undefined;

  constructor(participant: string, kind: SourceKind) {
    this.participant = participant;
    this.kind = kind;
  }

  get empty(): boolean {
    return this.audio === undefined && this.video === undefined;
  }

  add(track: AddTrack, maxPixels: number, send: (message: FromMixer) => void): AudioTrack | VideoTrack {
    if (track.codec === 'opus') return this.#addAudio();
    return this.#addVideo(track.track, track.codec, maxPixels, send);
  }

  /** Forgets a track, and closes one of pictures; sound fades out first, which is the desk's to do. */
  remove(track: AudioTrack | VideoTrack): void {
    if (track instanceof VideoTrack) track.close();
    if (track === this.audio) {
      this.audio = undefined;
      this.timeline.setAudio(undefined);
    } else if (track === this.video) {
      this.video = undefined;
      this.timeline.setVideo(undefined);
    }
  }

  close(): void {
    if (this.audio) this.remove(this.audio);
    if (this.video) this.remove(this.video);
  }

  /** Speakers are mono, in the middle; what a screen plays may be stereo. */
  #addAudio(): AudioTrack {
    this.audio = new AudioTrack(this.timeline, this.kind === 'camera' ? 1 : 2);
    this.timeline.setAudio(this.audio.clock);
    return this.audio;
  }

  #addVideo(
    track: number,
    codec: SpeakerCodec,
    maxPixels: number,
    send: (message: FromMixer) => void,
  ): VideoTrack {
    this.video?.close();
    const events: VideoTrackEvents = {
      nack: (sequences) => send({ type: 'nack', track, sequences }),
      keyFrameWanted: () => send({ type: 'key-frame-wanted', track }),
      refused: (code, detail) => send({ type: 'refused', track, code, detail }),
      accepted: () => send({ type: 'accepted', track }),
    };
    this.video = new VideoTrack(codec, maxPixels, this.timeline, events, () => work.read());
    this.timeline.setVideo(this.video.clock);
    return this.video;
  }
}
