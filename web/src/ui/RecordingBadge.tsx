import { useEffect, useState } from 'preact/hooks';
import type { RunningRecording } from '../../../src/live/contract.ts';
import type { RoomSession } from '../room/session.ts';
import { useStore } from './useStore.ts';
import { clockTime } from './words.ts';

/** Everybody may know that they are recorded; the time is for the host's button. */
export function RecordingBadge({ session }: { session: RoomSession }) {
  const { running, room } = useStore(session.store, (state) => ({
    running: state.recordings,
    room: state.room?.recordings.length ?? 0,
  }));
  if (running.length === 0 && room === 0) return null;
  const isPaused = running.length > 0 && running.every(({ state }) => state === 'paused');
  return (
    <span
      class={`badge recording ${isPaused ? 'paused' : ''}`}
      role="status"
      data-test="recording-badge"
      title={isPaused ? 'The recording is paused' : 'This webinar is being recorded'}
    >
      {isPaused ? 'Paused' : 'Rec'}
    </span>
  );
}

/** How long it has recorded, counted on from what the server last said. */
export function Elapsed({ recording, heardAtMs }: { recording: RunningRecording; heardAtMs: number }) {
  const [nowMs, setNowMs] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(performance.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const sinceMs = recording.state === 'paused' ? 0 : Math.max(0, nowMs - heardAtMs);
  return (
    <time class="elapsed" data-test="recording-elapsed">
      {clockTime(recording.durationMs + sinceMs)}
    </time>
  );
}
