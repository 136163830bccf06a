export type Device = 'camera' | 'microphone';

export type CaptureCode =
  | 'insecure'
  | 'denied'
  | 'denied-by-system'
  | 'busy'
  | 'missing'
  | 'unplugged'
  | 'failed';

/** Why a camera or microphone cannot be used, in words for its owner. */
export interface CaptureProblem {
  code: CaptureCode;
  title: string;
  /** What to do about it. */
  remedy: string;
}

/** Names for the `DOMException`s of `getUserMedia` (Media Capture and Streams, section 10.2). */
export function captureProblem(device: Device, error: unknown): CaptureProblem {
  const { name = '', message = '' } = (error ?? {}) as { name?: string; message?: string };
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return explain(device, /system/i.test(message) ? 'denied-by-system' : 'denied');
    case 'NotReadableError':
    case 'AbortError':
      return explain(device, 'busy');
    case 'NotFoundError':
    case 'OverconstrainedError':
      return explain(device, 'missing');
    default:
      return { ...explain(device, 'failed'), remedy: message || 'Try another device or reload this page.' };
  }
}

export function explain(device: Device, code: CaptureCode): CaptureProblem {
  return { code, ...texts[code](device, 'is', 'was') };
}

/** One explanation for both devices, where the same thing stands in the way of both. */
export function explainBoth(code: CaptureCode): CaptureProblem {
  return { code, ...texts[code]('camera and microphone', 'are', 'were') };
}

type Words = (device: string, is: string, was: string) => Omit<CaptureProblem, 'code'>;

const texts: Record<CaptureCode, Words> = {
  insecure: (device) => ({
    title: `Your browser allows the ${device} only over HTTPS`,
    remedy:
      'Open this page by its https:// address. Whoever runs the server can switch HTTPS on with ROSTRUM_TLS=self.',
  }),
  denied: (device, is) => ({
    title: `The ${device} ${is} not allowed for this page`,
    remedy: `Select the icon beside the address, set ${device} to “Allow”, then try again.`,
  }),
  'denied-by-system': (device) => ({
    title: `Your system does not let the browser use the ${device}`,
    remedy: `Open your system’s privacy settings, allow the ${device} for this browser, then try again.`,
  }),
  busy: (device, is) => ({
    title: `The ${device} ${is} in use by another program`,
    remedy: 'Close the other call or program, then try again, or choose another device.',
  }),
  missing: (device, _is, was) => ({
    title: `No ${device} ${was} found`,
    remedy: `Plug one in and try again, or join without a ${device}.`,
  }),
  unplugged: (device, _is, was) => ({
    title: `The ${device} ${was} disconnected`,
    remedy: 'Plug it in again or choose another one.',
  }),
  failed: (device) => ({
    title: `The ${device} could not be started`,
    remedy: 'Try another device or reload this page.',
  }),
};
