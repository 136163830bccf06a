import type { ParticipantView } from '../../../src/live/contract.ts';
import type { RoomSession } from '../room/session.ts';
import { IconButton } from './IconButton.tsx';
import { initials } from './initials.ts';
import { useStore } from './useStore.ts';
import { roleWords, whereabouts } from './words.ts';

interface PersonRowProps {
  session: RoomSession;
  person: ParticipantView;
  /** Null for those who may not. */
  onMute: (() => void) | null;
  onRemove: (() => void) | null;
}

export function PersonRow({ session, person, onMute, onRemove }: PersonRowProps) {
  const { id, name, role, audio, onStage, connection } = person;
  const level = useStore(session.store, (state) => state.levels[id]?.speaking);
  const speaking = onStage && audio === 'on' && (level ?? person.speaking);
  const me = id === session.claims.participant;
  return (
    <li
      class={`person ${speaking ? 'speaking' : ''}`}
      data-test="person"
      data-person={id}
      data-role={role}
      data-on-stage={onStage}
      data-audio={audio}
      data-connection={connection}
    >
      <span class="avatar small" aria-hidden="true">
        {initials(name)}
      </span>
      <span class="person-text">
        <span class="person-name" title={name}>
          {name}
          {me && <span class="quiet"> (you)</span>}
        </span>
        <span class={`person-detail ${connection}`}>
          {roleWords[role]} · {speaking ? 'Speaking' : whereabouts(person)}
        </span>
      </span>
      {onMute && !me && onStage && (
        <IconButton
          icon={audio === 'on' ? 'microphone' : 'microphone-off'}
          label={audio === 'on' ? `Mute ${name}` : `Ask ${name} to speak`}
          test="mute-person"
          tone={audio === 'on' ? 'plain' : 'off'}
          onPress={onMute}
        />
      )}
      {!onMute && onStage && audio === 'muted' && <span class="person-detail">Muted</span>}
      {onRemove && (
        <IconButton icon="remove" label={`Remove ${name}`} test="remove-person" onPress={onRemove} />
      )}
    </li>
  );
}
