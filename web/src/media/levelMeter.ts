/** Below this the meter rests, in dB under full scale. */
const FLOOR_DB = -60;

/** Where a level stands on a meter: 0 at −60 dBFS and below, 1 at full scale. */
export function meterPosition(levelDb: number): number {
  return Math.min(1, Math.max(0, 1 - levelDb / FLOOR_DB));
}

/** Root mean square of samples (−1..1) in dB under full scale; −Infinity for silence. */
export function levelDb(samples: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < samples.length; index++) sum += samples[index]! ** 2;
  return 10 * Math.log10(sum / Math.max(1, samples.length));
}

/**
 * Measures a microphone some twenty times a second, on a clone of its track, so that a muted
 * speaker can still be told that they speak. Returns its own undo.
 */
export function watchLevel(track: MediaStreamTrack, each: (levelDb: number) => void): () => void {
  const clone = track.clone();
  clone.enabled = true;
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(new MediaStream([clone])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    if (context.state === 'suspended') void context.resume();
    analyser.getFloatTimeDomainData(samples);
    each(levelDb(samples));
  }, 50);
  return () => {
    clearInterval(timer);
    clone.stop();
    void context.close();
  };
}
