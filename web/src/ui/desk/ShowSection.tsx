import { useEffect, useState } from 'preact/hooks';
import type { RoomView } from '../../../../src/live/contract.ts';
import type { RoomSession } from '../../room/session.ts';
import { ask } from '../ask.ts';
import { Confirm } from '../Dialog.tsx';
import { useStore } from '../useStore.ts';
import { FileChoice, Group } from './fields.tsx';

/** Live or not, and what is seen and heard before and after. */
export function ShowSection({ session }: { session: RoomSession }) {
  const room = useStore(session.store, (state) => state.room);
  if (!room) return null;
  return (
    <>
      <Group title={room.live ? 'You are live' : 'You are not live'}>
        <Air session={session} live={room.live} />
      </Group>
      <Group title="Slate">
        <p class="quiet">What viewers see before you are live, and while nobody is on stage.</p>
        <SlateForm session={session} slate={room.slate} title={room.title} />
      </Group>
    </>
  );
}

function Air({ session, live }: { session: RoomSession; live: boolean }) {
  const [asking, setAsking] = useState(false);
  const set = (wanted: boolean) => void ask(session, 'set-room', { live: wanted });
  return (
    <>
      <button
        type="button"
        class={`button ${live ? '' : 'primary'}`}
        data-test="desk-live"
        onClick={() => (live ? setAsking(true) : set(true))}
      >
        {live ? 'Take the show off the air' : 'Go live'}
      </button>
      {asking && (
        <Confirm
          title="Take the show off the air?"
          text="Viewers stay, and see the slate until you go live again."
          action="Off the air"
          onConfirm={() => set(false)}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}

interface SlateFormProps {
  session: RoomSession;
  slate: RoomView['slate'];
  title: string;
}

function SlateForm({ session, slate, title }: SlateFormProps) {
  const files = useStore(session.library.store, (state) => state.files);
  const [draft, setDraft] = useState(slate);
  const [saved, setSaved] = useState(false);
  useEffect(() => void session.library.refresh(), [session]);
  const known = JSON.stringify(slate);
  useEffect(() => setDraft(slate), [known]);
  const change = (part: Partial<RoomView['slate']>) => {
    setDraft({ ...draft, ...part });
    setSaved(false);
  };
  const save = async (event: Event) => {
    event.preventDefault();
    if (await ask(session, 'set-room', { slate: draft })) setSaved(true);
  };
  return (
    <form class="desk-form" data-test="slate-form" onSubmit={(event) => void save(event)}>
      <label class="field">
        <span class="field-label">Title</span>
        <input
          data-test="slate-title"
          maxLength={200}
          placeholder={title}
          value={draft.title ?? ''}
          onInput={(event) => change({ title: event.currentTarget.value || null })}
        />
      </label>
      <label class="field">
        <span class="field-label">Text</span>
        <input
          data-test="slate-text"
          maxLength={500}
          placeholder="Starting soon"
          value={draft.text ?? ''}
          onInput={(event) => change({ text: event.currentTarget.value || null })}
        />
      </label>
      <FileChoice
        {...{ label: 'Image', test: 'slate-image', kind: 'image', none: 'No image', files }}
        value={draft.image ?? ''}
        onSet={(name) => change({ image: name || null })}
      />
      <FileChoice
        {...{
          label: 'Music until you are live',
          test: 'slate-music',
          kind: 'sound',
          none: 'No music',
          files,
        }}
        value={draft.music ?? ''}
        onSet={(name) => change({ music: name || null })}
      />
      <button type="submit" class="button" data-test="slate-save">
        {saved ? 'Saved' : 'Save'}
      </button>
    </form>
  );
}
