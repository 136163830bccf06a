import { layoutNames } from '../../../../src/rooms/layout/documents.ts';
import type { RoomSession } from '../../room/session.ts';
import { ask } from '../ask.ts';
import { ModeChoice } from '../ModeChoice.tsx';
import { useStore } from '../useStore.ts';
import { Check, Choice, Group } from './fields.tsx';
import { LayoutPicker, labels } from './LayoutPicker.tsx';

const SAME = '';

/** Where everybody stands, in what viewers see and in what those on stage see. */
export function PictureSection({ session }: { session: RoomSession }) {
  const { room, people } = useStore(session.store, (state) => ({ room: state.room, people: state.people }));
  if (!room) return null;
  const set = (change: Parameters<typeof ask<'set-room'>>[2]) => void ask(session, 'set-room', change);
  const onStage = people.filter(({ id, onStage }) => onStage || id === room.spotlight);
  const { stageLayout } = room;
  const stageNames = stageLayout && !layoutNames.includes(stageLayout.name) ? [stageLayout.name] : [];
  return (
    <>
      <Group title="Layout">
        <LayoutPicker session={session} room={room} />
        <Choice
          label="Spotlight"
          test="spotlight"
          value={room.spotlight ?? ''}
          options={[
            { value: '', label: 'Nobody' },
            ...onStage.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onSet={(id) => set({ spotlight: id || null })}
        />
        <Check
          label="Tiles move and fade"
          test="transitions"
          checked={room.transitions}
          onSet={(transitions) => set({ transitions })}
        />
      </Group>
      <Group title="On stage">
        <Check
          label="A different picture for the stage"
          detail="Those on stage see each other before you are live, and who waits to come on"
          test="stage-program"
          checked={room.stageProgram}
          onSet={(stageProgram) => set(stageProgram ? { stageProgram } : { stageProgram, stageLayout: null })}
        />
        {room.stageProgram && (
          <Choice
            label="Its layout"
            test="stage-layout"
            value={stageLayout?.name ?? SAME}
            options={[
              { value: SAME, label: 'As viewers see it' },
              ...[...layoutNames, ...stageNames].map((name) => ({
                value: name,
                label: labels[name] ?? name,
              })),
            ]}
            onSet={(name) => set({ stageLayout: name === SAME ? null : name })}
          />
        )}
      </Group>
      <Group title="Delivery">
        <ModeChoice session={session} />
      </Group>
    </>
  );
}
