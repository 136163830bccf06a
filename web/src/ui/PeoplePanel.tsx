import { useState } from 'preact/hooks';
import type { ParticipantView } from '../../../src/live/contract.ts';
import type { RoomSession } from '../room/session.ts';
import { listed } from '../room/stageChanges.ts';
import { ask } from './ask.ts';
import { Confirm } from './Dialog.tsx';
import { IconButton } from './IconButton.tsx';
import { Icon } from './icons.tsx';
import { type PersonActs, PersonRow } from './PersonRow.tsx';
import { useStore } from './useStore.ts';

/** More rows than this help nobody and cost every phone in a large audience. */
const MOST_ROWS = 200;

/** Who is on stage, for those who are no hosts. */
export function PeoplePanel({ session, onClose }: { session: RoomSession; onClose(): void }) {
  const count = useStore(session.store, ({ people }) => people.filter(({ onStage }) => onStage).length);
  return (
    <section class="panel" aria-label="People" data-test="people-panel">
      <header class="panel-head">
        <h2>
          On stage <span class="count">{count}</span>
        </h2>
        <IconButton icon="close" label="Close the list" test="people-close" onPress={onClose} />
      </header>
      <PeopleList session={session} onInvite={null} />
    </section>
  );
}

interface PeopleListProps {
  session: RoomSession;
  /** Null for those who may not. */
  onInvite: (() => void) | null;
}

/** Who is here. A host sees everybody and may act; the others see who is on stage. */
export function PeopleList({ session, onInvite }: PeopleListProps) {
  const people = useStore(session.store, (state) => state.people);
  const spotlight = useStore(session.store, (state) => state.room?.spotlight ?? null);
  const [leaving, setLeaving] = useState<ParticipantView | null>(null);
  const host = session.isHost;
  const shown = listed(host ? people : people.filter(({ onStage }) => onStage));
  return (
    <>
      {shown.length === 0 && <p class="quiet">{host ? 'Nobody is here yet.' : 'Nobody is on stage yet.'}</p>}
      <ul class="people" data-test="people-list">
        {shown.slice(0, MOST_ROWS).map((person) => (
          <PersonRow
            key={person.id}
            session={session}
            person={person}
            inSpotlight={person.id === spotlight}
            acts={host ? actsOn(session, person, spotlight, () => setLeaving(person)) : null}
          />
        ))}
      </ul>
      {shown.length > MOST_ROWS && <p class="quiet">and {shown.length - MOST_ROWS} more</p>}
      {onInvite && (
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
    </>
  );
}

/** Mutes; who is muted is asked to speak instead, because nobody's microphone opens from afar. */
function toggleSound(session: RoomSession, { id, audio }: ParticipantView) {
  return ask(session, 'set-participant', { participant: id, audio: audio === 'on' ? 'muted' : 'on' });
}

/** What a host may do with somebody. */
function actsOn(
  session: RoomSession,
  person: ParticipantView,
  spotlight: string | null,
  onRemove: () => void,
): PersonActs {
  const { id, role, onStage } = person;
  const me = id === session.claims.participant;
  const turn = () => ask(session, 'set-participant', { participant: id, onStage: !onStage });
  const shine = () => ask(session, 'set-room', { spotlight: spotlight === id ? null : id });
  return {
    mute: me || !onStage ? null : () => void toggleSound(session, person),
    shine: onStage ? () => void shine() : null,
    stage: role === 'viewer' ? null : () => void turn(),
    remove: me ? null : onRemove,
  };
}
