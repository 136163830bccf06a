import { RostrumError } from '../errors.ts';
import type { VideoSettings } from './contract.ts';

const ranges = { width: [160, 3840], height: [90, 2160], fps: [1, 60], kbps: [100, 50_000] } as const;

/** @throws RostrumError invalid-request */
export function videoSettings(
  asked: Partial<VideoSettings> | undefined,
  common: VideoSettings,
): VideoSettings {
  const given = Object.entries(asked ?? {}).filter(([, value]) => value !== undefined);
  const video = { ...common, ...Object.fromEntries(given) } as VideoSettings;
  for (const name of ['width', 'height', 'fps', 'kbps'] as const) {
    const [least, most] = ranges[name];
    const even = name !== 'width' && name !== 'height' ? true : video[name] % 2 === 0;
    if (Number.isInteger(video[name]) && video[name] >= least && video[name] <= most && even) continue;
    const whole = name === 'width' || name === 'height' ? 'an even number' : 'a whole number';
    throw new RostrumError('invalid-request', `video.${name}: expected ${whole} from ${least} to ${most}`);
  }
  checkLadder(video.ladder ?? []);
  if (video.codec === 'vp8' || video.codec === 'h264') return video;
  throw new RostrumError('invalid-request', 'video.codec: expected vp8 or h264');
}

function checkLadder(steps: NonNullable<VideoSettings['ladder']>): void {
  for (const [index, { height, kbps }] of steps.entries()) {
    const even = Number.isInteger(height) && height % 2 === 0 && height >= 90 && height <= 2160;
    if (even && Number.isInteger(kbps) && kbps >= 30 && kbps <= 50_000) continue;
    throw new RostrumError(
      'invalid-request',
      `video.ladder[${index}]: expected an even height from 90 to 2160 and 30 to 50000 kbit/s`,
    );
  }
}
