import { type CaptureProblem, captureProblem, type Device, explain } from './captureProblem.ts';

/** What an attempt to open a camera and a microphone came to: each has a track or a problem. */
export interface Acquired {
  audio: MediaStreamTrack | null;
  video: MediaStreamTrack | null;
  audioProblem: CaptureProblem | null;
  videoProblem: CaptureProblem | null;
}

export interface Wanted {
  audio: boolean;
  video: boolean;
  microphone: string | null;
  camera: string | null;
}

/** A device that is wanted but gone must not stand in the way, so an id is only ideal unless `exact`. */
export function videoConstraints(camera: string | null, exact = false): MediaTrackConstraints {
  return {
    width: { ideal: 1280 },
    height: { ideal: 720 },
    frameRate: { ideal: 30, max: 30 },
    ...(camera ? { deviceId: exact ? { exact: camera } : { ideal: camera } } : { facingMode: 'user' }),
  };
}

export function audioConstraints(microphone: string | null, exact = false): MediaTrackConstraints {
  return {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
    ...(microphone && { deviceId: exact ? { exact: microphone } : { ideal: microphone } }),
  };
}

/**
 * Opens both devices with one question to the person. When that fails, each is tried alone, so
 * that a missing camera does not cost the microphone. Never throws.
 */
export async function acquire(wanted: Wanted): Promise<Acquired> {
  const none: Acquired = { audio: null, video: null, audioProblem: null, videoProblem: null };
  if (!globalThis.isSecureContext || !navigator.mediaDevices?.getUserMedia) {
    return {
      ...none,
      audioProblem: explain('microphone', 'insecure'),
      videoProblem: explain('camera', 'insecure'),
    };
  }
  if (!wanted.audio && !wanted.video) return none;
  try {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: wanted.audio && audioConstraints(wanted.microphone),
      video: wanted.video && videoConstraints(wanted.camera),
    });
    return { ...none, audio: stream.getAudioTracks()[0] ?? null, video: stream.getVideoTracks()[0] ?? null };
  } catch (error) {
    return each(wanted, error);
  }
}

async function each(wanted: Wanted, error: unknown): Promise<Acquired> {
  const together = wanted.audio && wanted.video;
  const alone = async (device: Device, asked: boolean) => {
    if (!asked) return { track: null, problem: null };
    // Asking twice for what was just refused would be a nuisance.
    if (!together || (await refused(device, error))) {
      return { track: null, problem: captureProblem(device, error) };
    }
    return openAlone(device, device === 'camera' ? wanted.camera : wanted.microphone, false);
  };
  const audio = await alone('microphone', wanted.audio);
  const video = await alone('camera', wanted.video);
  return { audio: audio.track, video: video.track, audioProblem: audio.problem, videoProblem: video.problem };
}

/** Opens one device; an `exact` one that cannot do what is asked is taken as it is. Never throws. */
export async function openAlone(
  device: Device,
  id: string | null,
  exact: boolean,
): Promise<{ track: MediaStreamTrack | null; problem: CaptureProblem | null }> {
  if (!navigator.mediaDevices) return { track: null, problem: explain(device, 'insecure') };
  const constraints = device === 'camera' ? videoConstraints(id, exact) : audioConstraints(id, exact);
  const kind = device === 'camera' ? 'video' : 'audio';
  const open = async (what: MediaTrackConstraints | true) =>
    (await navigator.mediaDevices.getUserMedia({ [kind]: what })).getTracks()[0] ?? null;
  try {
    return { track: await open(constraints), problem: null };
  } catch (error) {
    if ((error as DOMException).name !== 'OverconstrainedError') {
      return { track: null, problem: captureProblem(device, error) };
    }
  }
  try {
    return { track: await open(true), problem: null };
  } catch (error) {
    return { track: null, problem: captureProblem(device, error) };
  }
}

/** Whether the person, or an earlier decision of theirs, said no to this very device. */
async function refused(device: Device, error: unknown): Promise<boolean> {
  if ((error as DOMException).name !== 'NotAllowedError') return false;
  try {
    const { state } = await navigator.permissions.query({ name: device as PermissionName });
    if (state === 'granted') return false;
    if (state === 'denied') return true;
    // Still to be asked: if the other one is denied, that was the reason; else the question was dismissed.
    const other = device === 'camera' ? 'microphone' : 'camera';
    return (await navigator.permissions.query({ name: other as PermissionName })).state !== 'denied';
  } catch {
    return true;
  }
}
