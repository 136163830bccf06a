import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { LibraryFile } from '../../../../src/live/contract.ts';

interface SliderProps {
  label: string;
  /** Shown instead of the label's own text, where that would be said twice. */
  hidden?: boolean;
  test: string;
  min: number;
  max: number;
  step: number;
  value: number;
  format(value: number): string;
  /** Called when the thumb is let go. */
  onSet(value: number): void;
}

/** A range whose value is sent once it has been found, not on the way. */
export function Slider({ label, hidden, test, min, max, step, value, format, onSet }: SliderProps) {
  const [draft, setDraft] = useState<number | null>(null);
  const shown = draft ?? value;
  return (
    <label class="slider">
      <span class={hidden ? 'for-screen-readers' : 'field-label'}>{label}</span>
      <input
        type="range"
        data-test={test}
        aria-valuetext={format(shown)}
        {...{ min, max, step }}
        value={shown}
        onInput={(event) => setDraft(Number(event.currentTarget.value))}
        onChange={(event) => {
          setDraft(null);
          onSet(Number(event.currentTarget.value));
        }}
      />
      <output class="slider-value">{format(shown)}</output>
    </label>
  );
}

interface CheckProps {
  label: string;
  detail?: string;
  test: string;
  checked: boolean;
  onSet(checked: boolean): void;
}

export function Check({ label, detail, test, checked, onSet }: CheckProps) {
  return (
    <label class="role-choice">
      <input
        type="checkbox"
        data-test={test}
        checked={checked}
        onChange={(event) => onSet(event.currentTarget.checked)}
      />
      <span>
        {label}
        {detail && <span class="quiet detail">{detail}</span>}
      </span>
    </label>
  );
}

interface ChoiceProps {
  label: string;
  test: string;
  value: string;
  options: readonly { value: string; label: string }[];
  /** The empty value is none. */
  required?: boolean | undefined;
  onSet(value: string): void;
}

export function Choice({ label, test, value, options, required, onSet }: ChoiceProps) {
  return (
    <label class="field">
      <span class="field-label">{label}</span>
      <select
        data-test={test}
        required={required}
        value={value}
        onChange={(event) => onSet(event.currentTarget.value)}
      >
        {options.map((each) => (
          <option key={each.value} value={each.value}>
            {each.label}
          </option>
        ))}
      </select>
    </label>
  );
}

interface FileChoiceProps extends Omit<ChoiceProps, 'options'> {
  files: readonly LibraryFile[];
  kind: LibraryFile['kind'];
  none: string;
}

/** One of the room's files, or none. A chosen one that is gone stays chosen until another is. */
export function FileChoice({ files, kind, none, value, ...rest }: FileChoiceProps) {
  const names = files.filter((file) => file.kind === kind).map(({ name }) => name);
  const all = value !== '' && !names.includes(value) ? [...names, value] : names;
  const options = [{ value: '', label: none }, ...all.map((name) => ({ value: name, label: name }))];
  return <Choice {...rest} value={value} options={options} />;
}

export function Group({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="desk-group">
      <h3>{title}</h3>
      {children}
    </section>
  );
}
