import { Icon, type IconName } from './icons.tsx';

interface IconButtonProps {
  icon: IconName;
  label: string;
  /** Shown to who points at it, where the name must stay while `pressed` changes. */
  hint?: string;
  /** Shown in the title, such as `m`. */
  shortcut?: string;
  test: string;
  onPress(): void;
  tone?: 'plain' | 'off' | 'danger';
  /** For buttons that switch something on and off. */
  pressed?: boolean;
  disabled?: boolean;
  /** Text beside the icon, where there is room for it. */
  text?: string;
}

export function IconButton(props: IconButtonProps) {
  const {
    icon,
    label,
    hint = label,
    shortcut,
    test,
    onPress,
    tone = 'plain',
    pressed,
    disabled,
    text,
  } = props;
  return (
    <button
      type="button"
      class={`icon-button ${tone}`}
      aria-label={label}
      aria-pressed={pressed}
      aria-keyshortcuts={shortcut}
      title={shortcut ? `${hint} (${shortcut})` : hint}
      data-test={test}
      disabled={disabled}
      onClick={onPress}
    >
      <Icon name={icon} />
      {text && <span class="button-text">{text}</span>}
    </button>
  );
}
