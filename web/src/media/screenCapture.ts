/** A shared screen, window or tab: its picture and, where the browser gives it, its sound. */
export interface ScreenTracks {
  audio: MediaStreamTrack | null;
  video: MediaStreamTrack;
}

export interface ScreenProblem {
  title: string;
  detail: string;
}

/** Phones cannot, nor can a page without HTTPS. */
export const canShareScreen = (): boolean =>
  globalThis.isSecureContext && typeof navigator.mediaDevices?.getDisplayMedia === 'function';

/**
 * Asks which screen, window or tab is to be shared. Called on a click, because a question follows.
 * @returns the tracks, a problem in words, or null when the person chose nothing
 */
export async function captureScreen(): Promise<ScreenTracks | ScreenProblem | null> {
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({
      video: { frameRate: { ideal: 30, max: 30 }, width: { max: 1920 }, height: { max: 1080 } },
      // What is shared is not somebody who speaks: nothing is to be cancelled or levelled.
      audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false, channelCount: 2 },
    });
    const [video] = stream.getVideoTracks();
    if (!video) return { title: 'Nothing could be shared', detail: 'The browser gave no picture.' };
    // Slides and text: when bits are short, the encoder should give up motion, not detail.
    video.contentHint = 'detail';
    const audio = stream.getAudioTracks()[0] ?? null;
    if (audio) audio.contentHint = 'music';
    return { audio, video };
  } catch (error) {
    return screenProblem(error);
  }
}

/** Names for the `DOMException`s of `getDisplayMedia` (Screen Capture, section 5.1); null for a change of mind. */
export function screenProblem(error: unknown): ScreenProblem | null {
  const { name = '', message = '' } = (error ?? {}) as { name?: string; message?: string };
  if (name === 'NotAllowedError' && /system/i.test(message)) {
    return {
      title: 'Your system does not let the browser record the screen',
      detail: 'Open your system’s privacy settings, allow screen recording for this browser, then try again.',
    };
  }
  if (name === 'NotAllowedError' && /policy|disallowed/i.test(message)) {
    return { title: 'Sharing is not allowed for this page', detail: 'A setting of the browser forbids it.' };
  }
  if (name === 'NotAllowedError' || name === 'AbortError') return null;
  if (name === 'NotFoundError') {
    return { title: 'There is no screen to share', detail: 'The browser found none, nor a window.' };
  }
  if (name === 'NotReadableError') {
    return {
      title: 'The screen cannot be shared now',
      detail: 'The system refuses it; another program may hold it. Try a window or a tab instead.',
    };
  }
  return { title: 'The screen could not be shared', detail: message };
}
