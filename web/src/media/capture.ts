import { loadPreferences, savePreferences } from '../state/preferences.ts';
import { createStore, type Store } from '../state/store.ts';
import { acquire, openAlone } from './acquire.ts';
import { type CaptureProblem, type Device, explain } from './captureProblem.ts';
import { type DeviceList, listDevices } from './devices.ts';

export interface CaptureState {
  /** `asking`: the browser's question stands open. */
  stage: 'idle' | 'asking' | 'ready';
  /** A device is being changed: that there is no track says nothing yet. */
  opening: boolean;
  audio: MediaStreamTrack | null;
  video: MediaStreamTrack | null;
  audioProblem: CaptureProblem | null;
  videoProblem: CaptureProblem | null;
  /** What the person wants, whether or not there is a device for it. */
  microphoneOn: boolean;
  cameraOn: boolean;
  devices: DeviceList;
}

/**
 * This person's camera and microphone.
 * - Camera off stops its track, so that its light goes out; a muted microphone stays open but
 *   silent, so that unmuting is instant.
 * - `close()` stops every track; closing twice is legal.
 */
export class Capture {
  readonly store: Store<CaptureState>;
  #closed = false;

  constructor() {
    this.store = createStore<CaptureState>({
      stage: 'idle',
      opening: false,
      audio: null,
      video: null,
      audioProblem: null,
      videoProblem: null,
      microphoneOn: true,
      cameraOn: true,
      devices: { cameras: [], microphones: [] },
    });
    navigator.mediaDevices?.addEventListener('devicechange', this.#relist);
  }

  /** Asks for whatever is wanted and missing. Called on a click, because a question follows. */
  async ask(): Promise<void> {
    const state = this.store.get();
    this.store.set({ stage: 'asking', opening: true });
    const { camera, microphone } = loadPreferences();
    const wanted = { audio: !state.audio, video: !state.video && state.cameraOn, camera, microphone };
    const got = await acquire(wanted);
    if (wanted.audio) this.#take('microphone', got.audio, got.audioProblem);
    if (wanted.video) this.#take('camera', got.video, got.videoProblem);
    this.store.set({ stage: 'ready', opening: false });
    await this.#relist();
  }

  async setMicrophone(on: boolean): Promise<void> {
    const { audio } = this.store.get();
    if (audio) audio.enabled = on;
    this.store.set({ microphoneOn: on });
    if (on && !audio) await this.#open('microphone', loadPreferences().microphone, false);
  }

  async setCamera(on: boolean): Promise<void> {
    this.store.set({ cameraOn: on });
    if (!on) {
      this.#release('camera');
      this.store.set({ videoProblem: null });
    } else if (!this.store.get().video) {
      await this.#open('camera', loadPreferences().camera, false);
    }
  }

  /** Off when it can be heard, else on: asks for it where it is missing. */
  toggleMicrophone(): void {
    const { microphoneOn, audio } = this.store.get();
    void this.setMicrophone(!(microphoneOn && audio));
  }

  toggleCamera(): void {
    const { cameraOn, video } = this.store.get();
    void this.setCamera(!(cameraOn && video));
  }

  /** Changes to another device and remembers it. The old one is let go first: phones open only one camera. */
  async choose(device: Device, id: string): Promise<void> {
    savePreferences({ [device]: id });
    this.store.set(device === 'camera' ? { cameraOn: true, videoProblem: null } : { audioProblem: null });
    const before = deviceIdOf(this.#track(device));
    this.store.set({ opening: true });
    this.#release(device);
    await this.#open(device, id, true);
    if (!this.#track(device) && before && before !== id) await this.#fallBack(device, before);
  }

  close(): void {
    this.#closed = true;
    navigator.mediaDevices?.removeEventListener('devicechange', this.#relist);
    this.#release('camera');
    this.#release('microphone');
  }

  /** Back to the device before, with the reason why the new one cannot be used. */
  async #fallBack(device: Device, id: string): Promise<void> {
    const { audioProblem, videoProblem } = this.store.get();
    await this.#open(device, id, true);
    this.store.set(device === 'camera' ? { videoProblem } : { audioProblem });
  }

  async #open(device: Device, id: string | null, exact: boolean): Promise<void> {
    this.store.set({ opening: true });
    const { track, problem } = await openAlone(device, id, exact);
    this.#take(device, track, problem);
    this.store.set({ opening: false });
    await this.#relist();
  }

  #take(device: Device, track: MediaStreamTrack | null, problem: CaptureProblem | null): void {
    const { cameraOn, microphoneOn } = this.store.get();
    if (this.#closed || (device === 'camera' && !cameraOn)) {
      track?.stop();
      return;
    }
    this.#release(device);
    if (track) {
      track.onended = () => this.#lost(device, track);
      if (device === 'microphone') track.enabled = microphoneOn;
      // Heads and hands move: when bits are short, the encoder should give up detail, not motion.
      else track.contentHint = 'motion';
    }
    if (device === 'camera') this.store.set({ video: track, videoProblem: problem });
    else this.store.set({ audio: track, audioProblem: problem });
  }

  #lost(device: Device, track: MediaStreamTrack): void {
    if (this.#track(device) !== track) return;
    this.#take(device, null, explain(device, 'unplugged'));
    void this.#relist();
  }

  #release(device: Device): void {
    const track = this.#track(device);
    if (!track) return;
    track.onended = null;
    track.stop();
    this.store.set(device === 'camera' ? { video: null } : { audio: null });
  }

  #track(device: Device): MediaStreamTrack | null {
    const { audio, video } = this.store.get();
    return device === 'camera' ? video : audio;
  }

  readonly #relist = async (): Promise<void> => {
    const devices = await listDevices();
    if (!this.#closed) this.store.set({ devices });
  };
}

export function deviceIdOf(track: MediaStreamTrack | null): string | null {
  return track?.getSettings().deviceId ?? null;
}
