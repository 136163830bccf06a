import { useEffect, useRef, useState } from 'preact/hooks';
import { HlsPlayback } from '../media/hlsPlayback.ts';
import { Icon } from './icons.tsx';
import { useStore } from './useStore.ts';

/** The program alone, over HLS: nothing to join, nobody to be. */
export function HlsPage({ playlist }: { playlist: string }) {
  const video = useRef<HTMLVideoElement>(null);
  const [playback, setPlayback] = useState<HlsPlayback | null>(null);
  useEffect(() => {
    const made = new HlsPlayback(video.current!, playlist);
    setPlayback(made);
    return () => made.close();
  }, [playlist]);
  return (
    <main class="hls-page" data-test="hls-page">
      <h1 class="for-screen-readers">Webinar</h1>
      {/* biome-ignore lint/a11y/useMediaCaption: live sound; captions would be a stream of their own. */}
      <video ref={video} playsInline controls data-test="hls-video" aria-label="Program" />
      {playback && <Cover playback={playback} />}
    </main>
  );
}

function Cover({ playback }: { playback: HlsPlayback }) {
  const { state, muted } = useStore(playback.store, (each) => each);
  if (state === 'playing') {
    if (!muted) return null;
    return (
      <button
        type="button"
        class="button primary"
        data-test="turn-on-sound"
        onClick={() => playback.turnOnSound()}
      >
        <Icon name="sound" /> Turn on sound
      </button>
    );
  }
  const text = {
    loading: 'Connecting…',
    waiting: 'There is no stream here now. It is looked for again by itself.',
    unsupported: 'This browser cannot play the stream.',
  }[state];
  return (
    <p role="status" data-test="hls-status">
      {text}
    </p>
  );
}
