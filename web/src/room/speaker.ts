import type { Need } from '../../../src/rooms/need.ts';
import { Capture } from '../media/capture.ts';
import type { CaptureCode, CaptureProblem } from '../media/captureProblem.ts';
import type { LinkState } from '../media/mediaLink.ts';
import type { Problem } from '../media/problem.ts';
import { cameraManner, Publisher } from '../media/publisher.ts';
import type { Outgoing } from '../signaling/channel.ts';
import type { Notices } from './notices.ts';
import { remoteChanges, type Switches } from './ownSwitches.ts';

export interface SpeakerOptions {
  endpoint: string;
  token: string;
  iceServers(): RTCIceServer[];
  notices: Notices;
  changed(state: LinkState, problem: Problem | null): void;
  /** Tells the server the state of one's own switches; rejects when it could not. */
  tell(state: Outgoing<'state'>): Promise<unknown>;
}

/** What the button beside a failed device says: not everything is mended by another device. */
const remedies: Partial<Record<CaptureCode, string>> = { denied: 'Details', insecure: 'Details' };

/** This person as a speaker: their capture, what of it is sent, and what the server is told of it. */
export class Speaker {
  readonly capture = new Capture();
  readonly #options: SpeakerOptions;
  readonly #unsubscribe: () => void;
  #publisher: Publisher | null = null;
  #live = false;
  #sent: { audio: MediaStreamTrack | null; video: MediaStreamTrack | null } = { audio: null, video: null };
  #told: Switches | null = null;
  #telling = 0;
  #need: Need | null = null;
  #heard: Switches | null = null;
  #reported: Record<'microphone' | 'camera', CaptureProblem | null> = { microphone: null, camera: null };

  constructor(options: SpeakerOptions) {
    this.#options = options;
    this.#unsubscribe = this.capture.store.subscribe(() => this.#follow());
  }

  goLive(): void {
    this.#live = true;
    // The green room has told of these already.
    const { audioProblem, videoProblem } = this.capture.store.get();
    this.#reported = { microphone: audioProblem, camera: videoProblem };
    this.#follow();
  }

  /** The server is (back) there and knows nothing of our switches. */
  rejoined(): void {
    this.#told = null;
    this.#heard = null;
    if (this.#live) this.#tell();
    this.#publisher?.link.retryNow();
  }

  /** The server's word on our switches. */
  heard(now: Switches): void {
    const before = this.#heard;
    this.#heard = { audio: now.audio, video: now.video };
    // While a change of ours is under way, the server's word may be older than it.
    if (!before || !this.#live || this.#telling > 0) return;
    for (const change of remoteChanges(before, now, this.#switches())) {
      if (change === 'mute-audio') this.#mutedByHost();
      else if (change === 'mute-video') this.#cameraOffByHost();
      else this.#askedByHost(change);
    }
  }

  /** In which size and rate the picture is needed. */
  need(need: Need): void {
    this.#need = need;
    this.#publisher?.need(need);
  }

  retry(): void {
    this.#publisher?.link.start();
    this.#publisher?.link.retryNow();
  }

  /** The peer connection that sends, for statistics. */
  get connection(): RTCPeerConnection | null {
    return this.#publisher?.link.connection ?? null;
  }

  stopSending(): void {
    this.#live = false;
    this.#publisher?.close();
    this.#publisher = null;
  }

  close(): void {
    this.#unsubscribe();
    this.stopSending();
    this.capture.close();
  }

  #follow(): void {
    if (!this.#live) return;
    const { audio, video, opening } = this.capture.store.get();
    if (audio !== this.#sent.audio || video !== this.#sent.video || !this.#publisher)
      this.#send(audio, video);
    if (!opening) this.#tell();
    this.#report();
  }

  #send(audio: MediaStreamTrack | null, video: MediaStreamTrack | null): void {
    this.#sent = { audio, video };
    if (this.#publisher) {
      void this.#publisher.replace(this.#sent);
    } else if (audio || video) {
      this.#publisher = new Publisher(this.#sent, cameraManner, this.#options);
      if (this.#need) this.#publisher.need(this.#need);
      this.#publisher.link.start();
    }
  }

  #switches(): Switches {
    const { audio, video, microphoneOn, cameraOn } = this.capture.store.get();
    return { audio: audio && microphoneOn ? 'on' : 'muted', video: video && cameraOn ? 'on' : 'muted' };
  }

  #tell(): void {
    const now = this.#switches();
    if (this.#told?.audio === now.audio && this.#told.video === now.video) return;
    this.#told = now;
    this.#telling += 1;
    this.#options
      .tell(now)
      .catch(() => {
        this.#told = null;
      })
      .finally(() => {
        this.#telling -= 1;
      });
  }

  #mutedByHost(): void {
    void this.capture.setMicrophone(false);
    this.#options.notices.show({
      topic: 'host-audio',
      title: 'The host muted your microphone',
      detail: 'You can switch it on again when it is your turn.',
    });
  }

  #cameraOffByHost(): void {
    void this.capture.setCamera(false);
    this.#options.notices.show({ topic: 'host-video', title: 'The host switched your camera off' });
  }

  #askedByHost(change: 'ask-audio' | 'ask-video'): void {
    this.#told = null;
    this.#tell();
    if (change === 'ask-audio') {
      this.#options.notices.show({
        topic: 'host-audio',
        title: 'The host asks you to speak',
        action: { does: 'unmute', label: 'Unmute' },
      });
    }
  }

  /** Tells of a device that failed while live. */
  #report(): void {
    const { audioProblem, videoProblem } = this.capture.store.get();
    for (const [topic, problem] of [
      ['microphone', audioProblem],
      ['camera', videoProblem],
    ] as const) {
      if (problem === this.#reported[topic]) continue;
      this.#reported[topic] = problem;
      if (!problem) this.#options.notices.clear(topic);
      else {
        this.#options.notices.show({
          topic,
          tone: 'warning',
          title: problem.title,
          detail: problem.remedy,
          action: { does: 'open-devices', label: remedies[problem.code] ?? 'Choose another' },
        });
      }
    }
  }
}
