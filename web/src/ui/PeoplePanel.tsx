import { useState } from 'preact/hooks';
import type { ParticipantView } from '../../../src/live/contract.ts';
import type { RoomSession } from '../room/session.ts';
import { listed } from '../room/stageChanges.ts';
import { ask } from './ask.ts';
import { Confirm } from './Dialog.tsx';
import { IconButton } from './IconButton.tsx';
import { Icon } from './icons.tsx';
import { ModeChoice } from './ModeChoice.tsx';
import { PersonRow } from './PersonRow.tsx';
import { useStore } from './useStore.ts';

interface PeoplePanelProps {
  session: RoomSession;
  onClose(): void;
  onInvite(): void;
}

/** More rows than this help nobody and cost every phone in a large audience. */
const MOST_ROWS = 200;

/** Who is here. A host sees everybody and may act; the others see who is on stage. */
export function PeoplePanel({ session, onClose, onInvite }: PeoplePanelProps) {
  const people = useStore(session.store, (state) => state.people);
  const [leaving, setLeaving] = useState<ParticipantView | null>(null);
  const host = session.isHost;
  const shown = listed(host ? people : people.filter(({ onStage }) => onStage));
  return (
    <section class="panel" aria-label="People" data-test="people-panel">
      <header class="panel-head">
        <h2>
          {host ? 'People' : 'On stage'} <span class="count">{shown.length}</span>
        </h2>
        <IconButton icon="close" label="Close the list" test="people-close" onPress={onClose} />
      </header>
      {shown.length === 0 && <p class="quiet">{host ? 'Nobody is here yet.' : 'Nobody is on stage yet.'}</p>}
      <ul class="people" data-test="people-list">
        {shown.slice(0, MOST_ROWS).map((person) => (
          <PersonRow
            key={person.id}
            session={session}
            person={person}
            onMute={host ? () => void toggleSound(session, person) : null}
            onRemove={host && person.id !== session.claims.participant ? () => setLeaving(person) : null}
          />
        ))}
      </ul>
      {shown.length > MOST_ROWS && <p class="quiet">and {shown.length - MOST_ROWS} more</p>}
      {host && <ModeChoice session={session} />}
      {host && (
        <button
          type="button"
          class="button with-icon panel-invite"
          data-test="panel-invite"
          onClick={onInvite}
        >
          <Icon name="invite" /> <span>Invite somebody</span>
        </button>
      )}
      {leaving && (
        <Confirm
          title={`Remove ${leaving.name}?`}
          text="They leave at once, and their link stops working."
          action="Remove"
          onConfirm={() => void ask(session, 'remove', { participant: leaving.id })}
          onClose={() => setLeaving(null)}
        />
      )}
    </section>
  );
}

/** Mutes; who is muted is asked to speak instead, because nobody's microphone opens from afar. */
function toggleSound(session: RoomSession, { id, audio }: ParticipantView) {
  return ask(session, 'set-participant', { participant: id, audio: audio === 'on' ? 'muted' : 'on' });
}
