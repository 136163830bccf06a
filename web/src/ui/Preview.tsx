import { useEffect, useRef } from 'preact/hooks';
import { initials } from './initials.ts';

/** One's own picture, as in a mirror; initials while the camera is off. */
export function Preview({ track, name }: { track: MediaStreamTrack | null; name: string }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    element.srcObject = track && new MediaStream([track]);
    if (track) element.play().catch(() => {});
    return () => {
      element.srcObject = null;
    };
  }, [track]);
  return (
    <div class="preview" data-test="preview" data-camera={track ? 'on' : 'off'}>
      <video ref={video} hidden={!track} muted playsInline aria-label="Your camera" data-test="own-video" />
      {!track && (
        <span class="avatar" aria-hidden="true">
          {initials(name)}
        </span>
      )}
    </div>
  );
}
