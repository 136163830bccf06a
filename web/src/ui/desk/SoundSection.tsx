import type { RoomSession } from '../../room/session.ts';
import { ask } from '../ask.ts';
import { useStore } from '../useStore.ts';
import { decibels } from './decibels.ts';
import { Check, Group, Slider } from './fields.tsx';

/** How loud everybody is, and how the mix behaves. */
export function SoundSection({ session }: { session: RoomSession }) {
  const { people, sound } = useStore(session.store, (state) => ({
    people: state.people,
    sound: state.room?.sound,
  }));
  const onStage = people.filter((person) => person.onStage);
  return (
    <>
      <Group title="Volume">
        {onStage.length === 0 && <p class="quiet">Nobody is on stage yet.</p>}
        {onStage.map(({ id, name, volumeDb }) => (
          <Slider
            key={id}
            label={name}
            test="person-volume"
            {...{ min: -40, max: 20, step: 1, value: volumeDb, format: decibels }}
            onSet={(db) => void ask(session, 'set-participant', { participant: id, volumeDb: db })}
          />
        ))}
      </Group>
      {sound && (
        <Group title="The mix">
          <Check
            label="Bring everybody to one loudness"
            test="automatic-gain"
            checked={sound.automaticGain}
            onSet={(automaticGain) => void ask(session, 'set-room', { sound: { automaticGain } })}
          />
          <Check
            label="Hear people from where they stand in the picture"
            test="panning"
            checked={sound.panning}
            onSet={(panning) => void ask(session, 'set-room', { sound: { panning } })}
          />
          <Slider
            label="Turn screens and media down while somebody speaks"
            test="ducking"
            {...{ min: 0, max: 40, step: 1, value: sound.duckingDb }}
            format={(db) => (db === 0 ? 'Off' : decibels(-db))}
            onSet={(duckingDb) => void ask(session, 'set-room', { sound: { duckingDb } })}
          />
        </Group>
      )}
    </>
  );
}
