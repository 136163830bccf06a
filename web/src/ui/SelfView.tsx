import { useState } from 'preact/hooks';
import type { Capture } from '../media/capture.ts';
import type { RoomSession } from '../room/session.ts';
import { LevelMeter } from './LevelMeter.tsx';
import { Preview } from './Preview.tsx';
import { useStore } from './useStore.ts';

/** Louder than this is speech rather than a room, in dB under full scale. */
const SPEECH_DB = -35;

/** One's own small picture, and a hint for those who speak while muted. */
export function SelfView({ session, capture }: { session: RoomSession; capture: Capture }) {
  const { audio, video, microphoneOn } = useStore(capture.store, (state) => state);
  const upload = useStore(session.store, (state) => state.upload);
  const [speaksMuted, setSpeaksMuted] = useState(false);
  const hear = (levelDb: number) => {
    if (!microphoneOn && levelDb > SPEECH_DB) setSpeaksMuted(true);
    else if (microphoneOn) setSpeaksMuted(false);
  };
  const hint = speaksMuted && !microphoneOn;
  return (
    <aside class="self-view" aria-label="Your own picture" data-test="self-view" data-upload={upload}>
      <Preview track={video} name={session.claims.name} />
      <LevelMeter track={audio} onLevel={hear} />
      <span class={`self-caption ${upload}`} data-test="upload-state">
        {hint ? 'You are muted' : uploadWords[upload]}
      </span>
    </aside>
  );
}

const uploadWords = {
  idle: 'Listening only',
  connecting: 'Going on stage…',
  connected: 'You are on stage',
  reconnecting: 'Reconnecting…',
  refused: 'Not on stage',
} as const;
