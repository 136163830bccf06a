import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { RoomSession } from '../../room/session.ts';
import { IconButton } from '../IconButton.tsx';
import { PeopleList } from '../PeoplePanel.tsx';
import { GraphicsSection } from './GraphicsSection.tsx';
import { MediaSection } from './MediaSection.tsx';
import { PictureSection } from './PictureSection.tsx';
import { ShowSection } from './ShowSection.tsx';
import { SoundSection } from './SoundSection.tsx';

const sections = [
  { id: 'people', label: 'People' },
  { id: 'picture', label: 'Picture' },
  { id: 'graphics', label: 'Graphics' },
  { id: 'media', label: 'Media' },
  { id: 'sound', label: 'Sound' },
  { id: 'show', label: 'Show' },
] as const;

type SectionId = (typeof sections)[number]['id'];

interface DeskProps {
  session: RoomSession;
  onClose(): void;
  onInvite(): void;
}

/** Everything a host does to the room, in sections. */
export function Desk({ session, onClose, onInvite }: DeskProps) {
  const [open, setOpen] = useState<SectionId>('people');
  return (
    <section class="panel desk" aria-label="Host’s desk" data-test="desk">
      <header class="panel-head">
        <Tabs open={open} onOpen={setOpen} />
        <IconButton icon="close" label="Close the desk" test="people-close" onPress={onClose} />
      </header>
      <Section id={open}>
        {open === 'people' && <PeopleList session={session} onInvite={onInvite} />}
        {open === 'picture' && <PictureSection session={session} />}
        {open === 'graphics' && <GraphicsSection session={session} />}
        {open === 'media' && <MediaSection session={session} />}
        {open === 'sound' && <SoundSection session={session} />}
        {open === 'show' && <ShowSection session={session} />}
      </Section>
    </section>
  );
}

const tabId = (id: SectionId) => `desk-tab-${id}`;
const panelId = 'desk-section';

/** Tabs as WAI-ARIA describes them: one stop for the tab key, arrows within. */
function Tabs({ open, onOpen }: { open: SectionId; onOpen(id: SectionId): void }) {
  const list = useRef<HTMLDivElement>(null);
  const press = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -100, End: 100 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = sections.findIndex(({ id }) => id === open);
    const last = sections.length - 1;
    const next = Math.abs(step) > 1 ? (step > 0 ? last : 0) : (at + step + sections.length) % sections.length;
    const { id } = sections[next]!;
    onOpen(id);
    list.current?.querySelector<HTMLElement>(`#${tabId(id)}`)?.focus();
  };
  return (
    <div ref={list} class="tabs" role="tablist" aria-label="Sections of the desk" onKeyDown={press}>
      {sections.map(({ id, label }) => (
        <button
          key={id}
          id={tabId(id)}
          type="button"
          role="tab"
          aria-selected={id === open}
          aria-controls={panelId}
          tabIndex={id === open ? 0 : -1}
          data-test={`desk-${id}`}
          onClick={() => onOpen(id)}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

function Section({ id, children }: { id: SectionId; children: ComponentChildren }) {
  return (
    <div
      id={panelId}
      class="desk-section"
      role="tabpanel"
      aria-labelledby={tabId(id)}
      data-test="desk-section"
      data-section={id}
    >
      <h2 class="for-screen-readers">{sections.find((each) => each.id === id)!.label}</h2>
      {children}
    </div>
  );
}
