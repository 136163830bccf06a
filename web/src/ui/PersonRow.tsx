import type { ParticipantView } from '../../../src/live/contract.ts';
import type { RoomSession } from '../room/session.ts';
import { IconButton } from './IconButton.tsx';
import { initials } from './initials.ts';
import { useStore } from './useStore.ts';
import { roleWords, whereabouts } from './words.ts';

interface PersonRowProps {
  session: RoomSession;
  person: ParticipantView;
  inSpotlight: boolean;
  /** Null for those who may do nothing. */
  acts: PersonActs | null;
}

/** What can be done with somebody now; null for what cannot. */
export type PersonActs = Record<'mute' | 'shine' | 'stage' | 'remove', (() => void) | null>;

export function PersonRow({ session, person, inSpotlight, acts }: PersonRowProps) {
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
      {!acts && onStage && audio === 'muted' && <span class="person-detail">Muted</span>}
      {acts && <Acts person={person} inSpotlight={inSpotlight} acts={acts} />}
    </li>
  );
}

interface ActsProps {
  person: ParticipantView;
  inSpotlight: boolean;
  acts: PersonActs;
}

function Acts({ person: { name, audio, onStage }, inSpotlight, acts }: ActsProps) {
  const { mute, shine, stage, remove } = acts;
  return (
    <span class="person-acts">
      {mute && (
        <IconButton
          icon={audio === 'on' ? 'microphone' : 'microphone-off'}
          label={audio === 'on' ? `Mute ${name}` : `Ask ${name} to speak`}
          test="mute-person"
          tone={audio === 'on' ? 'plain' : 'off'}
          onPress={mute}
        />
      )}
      {shine && (
        <IconButton
          icon="star"
          label={`Spotlight on ${name}`}
          test="spotlight-person"
          pressed={inSpotlight}
          onPress={shine}
        />
      )}
      {stage && (
        <IconButton
          icon={onStage ? 'stage-on' : 'stage-off'}
          label={onStage ? `Take ${name} off the stage` : `Let ${name} on the stage`}
          test="stage-person"
          tone={onStage ? 'plain' : 'off'}
          onPress={stage}
        />
      )}
      {remove && <IconButton icon="remove" label={`Remove ${name}`} test="remove-person" onPress={remove} />}
    </span>
  );
}
