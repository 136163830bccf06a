import { useEffect, useRef } from 'preact/hooks';
import type { RoomSession } from '../room/session.ts';
import type { RoomState } from '../room/state.ts';
import { Icon } from './icons.tsx';
import { useStore } from './useStore.ts';
import { conditionOf, reasonOf } from './words.ts';

/** The mixed picture and sound, and what to say while there is none. */
export function Program({ session }: { session: RoomSession }) {
  const { playback } = session;
  const video = useRef<HTMLVideoElement>(null);
  const hold = useRef<HTMLCanvasElement>(null);
  const state = useStore(session.store, shown);
  const { hasPicture, blocked } = useStore(playback.store, (each) => each);
  useEffect(() => {
    playback.attach(video.current!, hold.current!);
    return () => playback.detach();
  }, [playback]);
  return (
    <div class="program" data-test="program" data-state={state.program}>
      <canvas ref={hold} />
      {/* biome-ignore lint/a11y/useMediaCaption: live sound; captions would be a stream of their own. */}
      <video ref={video} playsInline autoPlay data-test="program-video" aria-label={describe(state)} />
      <Cover session={session} state={state} hasPicture={hasPicture} />
      {blocked && (
        <button
          type="button"
          class="button primary turn-on"
          data-test="turn-on-sound"
          onClick={() => playback.setMuted(false)}
        >
          <Icon name="sound" /> Turn on sound
        </button>
      )}
      <ConditionBanner session={session} state={state} />
    </div>
  );
}

/** What stands over the whole program: before the first picture, before the start, after a refusal. */
function Cover({ session, state, hasPicture }: { session: RoomSession; state: Shown; hasPicture: boolean }) {
  if (state.program === 'refused') return <Refused session={session} state={state} />;
  if (state.room && !state.room.live && !session.speaker) {
    return (
      <div class="cover" data-test="waiting">
        <Icon name="clock" />
        <h2>{state.room.title}</h2>
        <p>It has not started yet. Stay here: it begins by itself.</p>
      </div>
    );
  }
  if (hasPicture) return null;
  return (
    <div class="cover" data-test="connecting">
      <span class="spinner" aria-hidden="true" />
      <p>{state.programProblem ? reasonOf(state.programProblem) : 'Connecting…'}</p>
    </div>
  );
}

function Refused({ session, state }: { session: RoomSession; state: Shown }) {
  return (
    <div class="cover" role="alert" data-test="program-refused">
      <Icon name="warning" />
      <h2>{state.programProblem?.title}</h2>
      <p>{state.programProblem?.detail}</p>
      <button type="button" class="button primary" data-test="retry" onClick={() => session.retryNow()}>
        Try again
      </button>
    </div>
  );
}

function ConditionBanner({ session, state }: { session: RoomSession; state: Shown }) {
  const condition = conditionOf(state);
  if (!condition) return null;
  return (
    <div class={`condition ${condition.tone}`} role="status" data-test="condition">
      <span class="spinner small" aria-hidden="true" />
      <span>{condition.text}</span>
      <button type="button" class="button text" data-test="try-now" onClick={() => session.retryNow()}>
        Try now
      </button>
    </div>
  );
}

/** What of the room this component shows; levels and the like change too often. */
const shown = ({ program, programProblem, upload, channel, restarting, room, people }: RoomState) => ({
  program,
  programProblem,
  upload,
  channel,
  restarting,
  room,
  people,
});

type Shown = ReturnType<typeof shown>;

/** Who can be seen, for those who cannot see. */
function describe({ people }: Shown): string {
  const names = people.filter(({ onStage }) => onStage).map(({ name }) => name);
  return names.length > 0 ? `Program with ${names.join(', ')}` : 'Program, nobody on stage';
}
