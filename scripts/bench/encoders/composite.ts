import { readFileSync } from 'node:fs';
import { VideoDecoder } from '../../../mixer/video/decoder.ts';
import { giveFrame } from '../../../mixer/video/framePool.ts';
import { allocPlanes, type Planes } from '../../../mixer/video/planes.ts';
import { Scaler } from '../../../mixer/video/scaler.ts';
import { readIvf } from '../clips/ivf.ts';
import type { Clips } from '../clips/makeClips.ts';
import { clip, program, speakers, tile, tileOrigin } from '../program.ts';

/**
 * The uncoded program, picture by picture: four speakers as 2×2 tiles. The canvas given to `each` is
 * drawn anew for the next picture.
 */
export function composite(
  clips: Clips,
  pictures: number,
  each: (canvas: Planes, number: number) => void,
): void {
  const canvas = allocPlanes(program);
  const parts = speakers.map((speaker) => ({
    coded: readIvf(readFileSync(clips.video(speaker, 'vp8'))),
    decoder: new VideoDecoder('vp8', clip.width * clip.height),
    scaler: new Scaler(),
    at: tileOrigin(speaker),
  }));
  const whole = { x: 0, y: 0, width: clip.width, height: clip.height };
  try {
    for (let number = 0; number < pictures; number++) {
      for (const { coded, decoder, scaler, at } of parts) {
        const data = coded[number % coded.length]!;
        const head = { rtpTimestamp: 0, keyFrame: false, arrivalUs: 0, size: undefined, afterLoss: false };
        const decoded = decoder.decode({ ...head, data }, number);
        if (decoded === null || 'error' in decoded) throw new Error('a clip cannot be decoded');
        scaler.scale(decoded.picture, whole, tile);
        scaler.place(canvas, at);
        giveFrame(decoded.picture);
      }
      each(canvas, number);
    }
  } finally {
    for (const { decoder, scaler } of parts) {
      decoder.close();
      scaler.close();
    }
  }
}
