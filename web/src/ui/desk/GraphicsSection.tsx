import { useEffect, useState } from 'preact/hooks';
import {
  elementOf,
  type Graphic,
  type GraphicType,
  graphicTypes,
  summaryOf,
  withOnAir,
} from '../../room/graphics.ts';
import type { RoomSession } from '../../room/session.ts';
import { ask } from '../ask.ts';
import { IconButton } from '../IconButton.tsx';
import { useStore } from '../useStore.ts';
import { Choice } from './fields.tsx';
import { GraphicForm } from './GraphicForm.tsx';
import { graphicFrom } from './graphicFields.ts';
import { ProgramOnly } from './ProgramOnly.tsx';

/** What lies over the picture: kept ready in a list, switched on and off. */
export function GraphicsSection({ session }: { session: RoomSession }) {
  const { rundown, library } = session;
  const onAir = useStore(session.store, (state) => state.room?.elements ?? none);
  const graphics = useStore(rundown.store, (state) => state.graphics);
  const files = useStore(library.store, (state) => state.files);
  const [edited, setEdited] = useState<Graphic | null>(null);
  useEffect(() => void library.refresh(), [library]);
  const airs = (id: string) => onAir.some((each) => each.id === id);
  const put = (graphic: Graphic) => void ask(session, 'set-element', { element: elementOf(graphic) });
  const takeOff = (id: string) => void ask(session, 'remove-element', { element: id });
  const save = (graphic: Graphic) => {
    rundown.keep(graphic);
    if (airs(graphic.id)) put(graphic);
    setEdited(null);
  };
  const forget = (id: string) => {
    rundown.forget(id);
    if (airs(id)) takeOff(id);
    if (edited?.id === id) setEdited(null);
  };
  const listed = withOnAir(graphics, onAir, session.clock.nowMs());
  return (
    <>
      <ProgramOnly session={session} what="Graphics are" />
      {listed.length === 0 && !edited && <p class="quiet">Nothing is prepared yet.</p>}
      <ul class="graphics" data-test="graphics">
        {listed.map((graphic) => (
          <Row
            key={graphic.id}
            graphic={graphic}
            airs={airs(graphic.id)}
            onSwitch={(on) => {
              rundown.keep(graphic);
              if (on) put(graphic);
              else takeOff(graphic.id);
            }}
            onEdit={() => setEdited(graphic)}
            onForget={() => forget(graphic.id)}
          />
        ))}
      </ul>
      {edited ? (
        <GraphicForm
          key={edited.id}
          graphic={edited}
          files={files}
          onSave={save}
          onCancel={() => setEdited(null)}
        />
      ) : (
        <NewGraphic onNew={(type) => setEdited(graphicFrom(`${type}-${freshId()}`, type, {}))} />
      )}
    </>
  );
}

const none: never[] = [];

/** Unlike those of other hosts of the same room, too. */
const freshId = () => Math.random().toString(36).slice(2, 10);

interface RowProps {
  graphic: Graphic;
  airs: boolean;
  onSwitch(on: boolean): void;
  onEdit(): void;
  onForget(): void;
}

function Row({ graphic, airs, onSwitch, onEdit, onForget }: RowProps) {
  const summary = summaryOf(graphic);
  const label = graphicTypes.find(({ type }) => type === graphic.type)!.label;
  return (
    <li class={airs ? 'on-air' : ''} data-test="graphic" data-type={graphic.type} data-on-air={airs}>
      <button
        type="button"
        role="switch"
        aria-checked={airs}
        aria-label={`${label}: ${summary}`}
        class="switch"
        data-test="graphic-switch"
        onClick={() => onSwitch(!airs)}
      />
      <span class="person-text">
        <span class="person-name" title={summary}>
          {summary}
        </span>
        <span class="person-detail">{airs ? `${label} · on the air` : label}</span>
      </span>
      <IconButton icon="edit" label={`Change ${summary}`} test="graphic-edit" onPress={onEdit} />
      <IconButton icon="close" label={`Delete ${summary}`} test="graphic-delete" onPress={onForget} />
    </li>
  );
}

function NewGraphic({ onNew }: { onNew(type: GraphicType): void }) {
  const [type, setType] = useState<GraphicType>('lower-third');
  return (
    <div class="desk-row">
      <Choice
        label="Prepare another"
        test="graphic-type"
        value={type}
        options={graphicTypes.map((each) => ({ value: each.type, label: each.label }))}
        onSet={(value) => setType(value as GraphicType)}
      />
      <button type="button" class="button" data-test="graphic-new" onClick={() => onNew(type)}>
        Add
      </button>
    </div>
  );
}
