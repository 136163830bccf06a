import { useEffect, useRef } from 'preact/hooks';
import type { ProgramScreen } from '../media/programScreen.ts';

interface MixedProgramProps {
  screen: ProgramScreen;
  /** False while something else is still seen: it plays behind that. */
  shown: boolean;
  label: string;
}

/** The mixed picture and sound. */
export function MixedProgram({ screen, shown, label }: MixedProgramProps) {
  const video = useRef<HTMLVideoElement>(null);
  const hold = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    screen.attach(video.current!, hold.current!);
    return () => screen.detach();
  }, [screen]);
  return (
    <div class={`mixed ${shown ? '' : 'waiting'}`}>
      <canvas ref={hold} />
      {/* biome-ignore lint/a11y/useMediaCaption: live sound; captions would be a stream of their own. */}
      <video ref={video} playsInline autoPlay data-test="program-video" aria-label={label} />
    </div>
  );
}
