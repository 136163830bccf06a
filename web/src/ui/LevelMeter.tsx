import { useEffect, useRef } from 'preact/hooks';
import { meterPosition, watchLevel } from '../media/levelMeter.ts';

interface LevelMeterProps {
  track: MediaStreamTrack | null;
  /** Hears each level, in dB under full scale. */
  onLevel?(levelDb: number): void;
}

/** How loud a microphone is. Written past the component tree: it moves twenty times a second. */
export function LevelMeter({ track, onLevel }: LevelMeterProps) {
  const bar = useRef<HTMLDivElement>(null);
  const hear = useRef(onLevel);
  hear.current = onLevel;
  useEffect(() => {
    if (!track) return;
    const stop = watchLevel(track, (levelDb) => {
      bar.current?.style.setProperty('--level', meterPosition(levelDb).toFixed(3));
      hear.current?.(levelDb);
    });
    return () => {
      stop();
      bar.current?.style.setProperty('--level', '0');
    };
  }, [track]);
  return (
    <div class="meter" ref={bar} data-test="level" aria-hidden="true">
      <div class="meter-fill" />
    </div>
  );
}
