import type { Rgb } from './reports.ts';
import type { Visitor } from './visitor.ts';

/** A point of a speaker's picture that shows nothing but their colour. */
const PLAIN = { x: 0.85, y: 0.5 };

/** Who is seen in a visitor's page, one by one, in which colour; by participant. */
export function coloursSeen({ page }: Visitor): Promise<Record<string, Rgb>> {
  return page.evaluate(({ x, y }) => {
    const point = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
    const videos = document.querySelectorAll<HTMLVideoElement>('[data-shown=true] [data-test=tile-video]');
    const seen = [...videos].flatMap((video): [string, Rgb][] => {
      const { videoWidth, videoHeight } = video;
      if (videoWidth === 0) return [];
      point.drawImage(video, x * videoWidth - 1, y * videoHeight - 1, 2, 2, 0, 0, 1, 1);
      const [red, green, blue] = point.getImageData(0, 0, 1, 1).data;
      const tile = video.closest<HTMLElement>('[data-test=tile]')!;
      return [[tile.dataset.person!, [red!, green!, blue!]]];
    });
    return Object.fromEntries(seen);
  }, PLAIN);
}

/** The colour at a point of the mixed program, in fractions of it. */
export function programColour({ page }: Visitor, x: number, y: number): Promise<Rgb | null> {
  return page.evaluate(
    ([atX, atY]) => {
      const video = document.querySelector<HTMLVideoElement>(
        '.mixed:not(.waiting) [data-test=program-video]',
      );
      if (!video || video.videoWidth === 0) return null;
      const point = document.createElement('canvas').getContext('2d')!;
      point.drawImage(video, atX! * video.videoWidth - 1, atY! * video.videoHeight - 1, 2, 2, 0, 0, 1, 1);
      const [red, green, blue] = point.getImageData(0, 0, 1, 1).data;
      return [red!, green!, blue!] as [number, number, number];
    },
    [x, y],
  );
}

/** Level in dB of each tone in everything the page plays, −140 for none. */
export function tonesHeard({ page }: Visitor, frequenciesHz: number[]): Promise<number[]> {
  return page.evaluate(async (wanted) => {
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, {
      fftSize: 16_384,
      smoothingTimeConstant: 0,
      minDecibels: -140,
    });
    for (const element of document.querySelectorAll<HTMLMediaElement>('audio, video')) {
      const stream = element.srcObject as MediaStream | null;
      if (element.muted || !stream?.getAudioTracks().length) continue;
      new MediaStreamAudioSourceNode(context, { mediaStream: stream }).connect(analyser);
    }
    const bins = new Float32Array(analyser.frequencyBinCount);
    // The window must be full of what is heard now.
    await new Promise((resolve) => setTimeout(resolve, (2 * 16_384_000) / context.sampleRate));
    analyser.getFloatFrequencyData(bins);
    const binHz = context.sampleRate / analyser.fftSize;
    await context.close();
    return wanted.map((hz) => {
      const middle = Math.round(hz / binHz);
      return Math.max(-140, ...bins.slice(middle - 3, middle + 4));
    });
  }, frequenciesHz);
}

/** Begins to look for pauses between pictures, in whatever is seen. */
export function watchForGaps({ page }: Visitor): Promise<void> {
  return page.evaluate(() => {
    const counts = new WeakMap<HTMLVideoElement, number>();
    const found = { longestMs: 0, lastMs: performance.now() };
    Object.assign(globalThis, { gaps: found });
    setInterval(() => {
      const nowMs = performance.now();
      for (const video of document.querySelectorAll('video')) {
        if (!video.closest('[data-test=program]') || video.closest('.waiting')) continue;
        const count = video.getVideoPlaybackQuality().totalVideoFrames;
        if (count > (counts.get(video) ?? 0)) {
          found.longestMs = Math.max(found.longestMs, nowMs - found.lastMs);
          found.lastMs = nowMs;
        }
        counts.set(video, count);
      }
    }, 10);
  });
}

/** The longest pause since `watchForGaps` or since it was asked last, in ms. */
export function longestGapMs({ page }: Visitor): Promise<number> {
  return page.evaluate(() => {
    const { gaps } = globalThis as unknown as { gaps: { longestMs: number; lastMs: number } };
    const longest = Math.max(gaps.longestMs, performance.now() - gaps.lastMs);
    gaps.longestMs = 0;
    return longest;
  });
}
