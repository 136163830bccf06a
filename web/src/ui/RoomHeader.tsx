import { useEffect, useRef, useState } from 'preact/hooks';
import type { RoomSession } from '../room/session.ts';
import { ask } from './ask.ts';
import { IconButton } from './IconButton.tsx';
import { Icon, Logo } from './icons.tsx';
import { Badge } from './LobbyHead.tsx';
import { Elapsed, RecordingBadge } from './RecordingBadge.tsx';
import { useStore } from './useStore.ts';
import { people } from './words.ts';

/** Title, state and audience; for a host also what they may change about the room. */
interface RoomHeaderProps {
  session: RoomSession;
  onInvite(): void;
  onRecordings(): void;
  onOutputs(): void;
}

export function RoomHeader({ session, onInvite, onRecordings, onOutputs }: RoomHeaderProps) {
  const room = useStore(session.store, (state) => state.room);
  const watching = useStore(session.store, (state) => state.room?.viewers ?? 0);
  return (
    <header class="room-header">
      <Logo />
      <Title session={session} title={room?.title ?? ''} />
      {room && <Badge live={room.live} />}
      <RecordingBadge session={session} />
      <span class="watching" data-test="watching">
        {people(watching, 'viewer', 'viewers')}
      </span>
      {session.isHost && room && (
        <HostTools
          session={session}
          live={room.live}
          onInvite={onInvite}
          onRecordings={onRecordings}
          onOutputs={onOutputs}
        />
      )}
    </header>
  );
}

interface HostToolsProps {
  session: RoomSession;
  live: boolean;
  onInvite(): void;
  onRecordings(): void;
  onOutputs(): void;
}

function HostTools({ session, live, onInvite, onRecordings, onOutputs }: HostToolsProps) {
  return (
    <div class="host-tools">
      {!live && (
        <button
          type="button"
          class="button primary small"
          data-test="go-live"
          onClick={() => void ask(session, 'set-room', { live: true })}
        >
          Go live
        </button>
      )}
      <RecordButton session={session} onPress={onRecordings} />
      <StreamButton session={session} onPress={onOutputs} />
      <button type="button" class="button small with-icon" data-test="invite" onClick={onInvite}>
        <Icon name="invite" /> <span>Invite</span>
      </button>
    </div>
  );
}

/** Opens the recordings; while one runs it shows for how long. */
function RecordButton({ session, onPress }: { session: RoomSession; onPress(): void }) {
  const { recording, heardAtMs } = useStore(session.store, (state) => ({
    recording: state.recordings[0],
    heardAtMs: state.recordingsHeardAtMs,
  }));
  return (
    <button type="button" class="button small with-icon" data-test="recording" onClick={onPress}>
      <span class="recording-dot" aria-hidden="true" />
      {recording ? (
        <>
          <span class="for-screen-readers">Recording since</span>
          <Elapsed recording={recording} heardAtMs={heardAtMs} />
        </>
      ) : (
        <span>Record</span>
      )}
    </button>
  );
}

/** Opens the outputs; says how many run, or that one is in trouble. */
function StreamButton({ session, onPress }: { session: RoomSession; onPress(): void }) {
  const outputs = useStore(session.store, (state) => state.outputs);
  const isTroubled = outputs.some(({ state }) => state === 'reconnecting' || state === 'failed');
  const count = outputs.filter(({ state }) => state === 'running').length;
  return (
    <button type="button" class="button small with-icon" data-test="outputs" onClick={onPress}>
      <Icon name={isTroubled ? 'warning' : 'share'} />
      <span>{count > 0 ? `Streams (${count})` : 'Stream'}</span>
    </button>
  );
}

function Title({ session, title }: { session: RoomSession; title: string }) {
  const [draft, setDraft] = useState<string | null>(null);
  const button = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const isOpen = draft !== null;
  const wasOpen = useRef(false);
  useEffect(() => {
    if (isOpen) field.current?.focus();
    // Who left by pointing elsewhere is not called back.
    else if (wasOpen.current && document.activeElement === document.body)
      button.current?.querySelector('button')?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);
  const save = async (event: Event) => {
    event.preventDefault();
    const wanted = draft?.trim();
    setDraft(null);
    if (wanted && wanted !== title) await ask(session, 'set-room', { title: wanted });
  };
  if (draft === null) {
    return (
      <div class="title" ref={button}>
        <h1 data-test="room-title" title={title} tabIndex={-1}>
          {title}
        </h1>
        {session.isHost && (
          <IconButton
            icon="edit"
            label="Change the title"
            test="edit-title"
            onPress={() => setDraft(title)}
          />
        )}
      </div>
    );
  }
  return (
    <form class="title" onSubmit={(event) => void save(event)}>
      <input
        ref={field}
        aria-label="Title"
        data-test="title-input"
        maxLength={200}
        value={draft}
        onInput={(event) => setDraft(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && setDraft(null)}
        onBlur={(event) => void save(event)}
      />
    </form>
  );
}
