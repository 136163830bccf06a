import type { Watch } from '../room/audience.ts';
import type { RoomSession } from '../room/session.ts';
import type { RoomState } from '../room/state.ts';
import type { Store } from '../state/store.ts';
import { Gallery } from './Gallery.tsx';
import { Icon } from './icons.tsx';
import { MixedProgram } from './MixedProgram.tsx';
import { useStore } from './useStore.ts';
import { conditionOf, reasonOf } from './words.ts';

/** What is to be seen and heard, mixed or one by one, and what to say while there is nothing. */
export function Program({ session }: { session: RoomSession }) {
  const { audience } = session;
  const state = useStore(session.store, shown);
  const { watches } = useStore(audience.store, (each) => each);
  const soundOnly = useStore(session.quality.store, ({ pin }) => pin === 0);
  const blocked = useStore(audience.sound.store, (each) => each.blocked);
  const current = watches[0];
  return (
    <div class="program" data-test="program" data-state={state.program} data-mode={current?.mode}>
      {watches.map((watch) => (
        <Watched
          key={watch.id}
          session={session}
          watch={watch}
          shown={watch === current}
          label={describe(state)}
        />
      ))}
      {current?.program && <Covered session={session} state={state} store={current.program.store} />}
      {current?.gallery && <Covered session={session} state={state} store={current.gallery.store} />}
      {soundOnly && state.program === 'connected' && <SoundOnly />}
      {blocked && (
        <button
          type="button"
          class="button primary turn-on"
          data-test="turn-on-sound"
          onClick={() => audience.sound.setMuted(false)}
        >
          <Icon name="sound" /> Turn on sound
        </button>
      )}
      <ConditionBanner session={session} state={state} />
    </div>
  );
}

interface WatchedProps {
  session: RoomSession;
  watch: Watch;
  shown: boolean;
  label: string;
}

function Watched({ session, watch, shown, label }: WatchedProps) {
  const { program, gallery } = watch;
  if (program) return <MixedProgram screen={program} shown={shown} label={label} />;
  return gallery && <Gallery session={session} gallery={gallery} shown={shown} />;
}

interface CoveredProps<T extends { ready: boolean }> {
  session: RoomSession;
  state: Shown;
  store: Store<T>;
}

function Covered<T extends { ready: boolean }>({ session, state, store }: CoveredProps<T>) {
  const ready = useStore(store, (each) => each.ready);
  return <Cover session={session} state={state} hasPicture={ready} />;
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

function SoundOnly() {
  return (
    <div class="cover" data-test="sound-only">
      <Icon name="sound" />
      <p>Sound only, as you chose</p>
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
