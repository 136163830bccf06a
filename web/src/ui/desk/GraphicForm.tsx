import { useEffect, useRef, useState } from 'preact/hooks';
import type { LibraryFile } from '../../../../src/live/contract.ts';
import { corners, type Graphic } from '../../room/graphics.ts';
import { Choice, FileChoice } from './fields.tsx';
import { GraphicPreview } from './GraphicPreview.tsx';
import { draftOf, fieldsOf, type GraphicField, graphicFrom } from './graphicFields.ts';

interface GraphicFormProps {
  graphic: Graphic;
  files: readonly LibraryFile[];
  onSave(graphic: Graphic): void;
  onCancel(): void;
}

/** What a graphic says, and how it will look. */
export function GraphicForm({ graphic, files, onSave, onCancel }: GraphicFormProps) {
  const [draft, setDraft] = useState(() => draftOf(graphic));
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>('input, select, textarea')?.focus(), []);
  const made = graphicFrom(graphic.id, graphic.type, draft);
  const save = (event: Event) => {
    event.preventDefault();
    onSave(made);
  };
  return (
    <form ref={form} class="desk-form" data-test="graphic-form" onSubmit={save}>
      <GraphicPreview graphic={made} />
      {fieldsOf[graphic.type].map((field) => (
        <Field
          key={field.name}
          field={field}
          files={files}
          value={draft[field.name] ?? ''}
          onSet={(value) => setDraft({ ...draft, [field.name]: value })}
        />
      ))}
      <div class="dialog-actions">
        <button type="button" class="button small" data-test="graphic-cancel" onClick={onCancel}>
          Cancel
        </button>
        <button type="submit" class="button primary small" data-test="graphic-save">
          Keep
        </button>
      </div>
    </form>
  );
}

interface FieldProps {
  field: GraphicField;
  files: readonly LibraryFile[];
  value: string;
  onSet(value: string): void;
}

function Field({ field, files, value, onSet }: FieldProps) {
  const { name, label, kind, required, maxLength, hint } = field;
  const common = { label, test: `graphic-${name}`, value, onSet };
  if (kind === 'image') {
    return <FileChoice {...common} required={required} files={files} kind="image" none="No image" />;
  }
  if (kind === 'corner') {
    const options = corners.map((each) => ({ value: each, label: each.replace('-', ' ') }));
    return <Choice {...common} options={options} />;
  }
  const attributes = { 'data-test': `graphic-${name}`, autoComplete: 'off', required, maxLength, value };
  const onInput = (event: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) =>
    onSet(event.currentTarget.value);
  const caption = <span class="field-label">{label}</span>;
  if (kind === 'lines') {
    return (
      <label class="field">
        {caption}
        <textarea {...attributes} rows={4} placeholder={hint} onInput={onInput} />
      </label>
    );
  }
  if (kind === 'minutes') {
    return (
      <label class="field">
        {caption}
        <input {...attributes} type="number" min={0.1} max={1440} step="any" onInput={onInput} />
      </label>
    );
  }
  return (
    <label class="field">
      {caption}
      <input {...attributes} onInput={onInput} />
    </label>
  );
}
