import { useEffect, useRef } from 'preact/hooks';
import type { Problem } from '../media/problem.ts';
import type { Ending } from '../room/state.ts';
import { Icon, type IconName, Logo } from './icons.tsx';
import { asSentence } from './words.ts';

interface EndScreenProps {
  ending: Ending;
  refusal: Problem | null;
  title: string | null;
  onAgain(): void;
}

interface Words {
  icon: IconName;
  heading: string;
  text: string;
  again: string | null;
}

/** The last page: why it is over, and what can be done. */
export function EndScreen({ ending, refusal, title, onAgain }: EndScreenProps) {
  const { icon, heading, text, again } = wordsFor(ending, refusal, title ?? 'The webinar');
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus(), [heading]);
  return (
    <main class="page end" data-test="ended" data-reason={ending} data-code={refusal?.code}>
      <div class="brand">
        <Logo />
        <span>Rostrum</span>
      </div>
      <div class="card end-card">
        <Icon name={icon} />
        <h1 ref={head} tabIndex={-1}>
          {heading}
        </h1>
        <p>{text}</p>
        {again && (
          <button type="button" class="button primary" data-test="again" onClick={onAgain}>
            {again}
          </button>
        )}
      </div>
    </main>
  );
}

function wordsFor(ending: Ending, refusal: Problem | null, title: string): Words {
  switch (ending) {
    case 'left':
      return {
        icon: 'leave',
        heading: 'You have left',
        text: `${title} goes on without you.`,
        again: 'Join again',
      };
    case 'room-deleted':
      return {
        icon: 'check',
        heading: 'This webinar has ended',
        text: 'Thank you for being there.',
        again: null,
      };
    case 'removed':
      return {
        icon: 'remove',
        heading: 'You were removed from this webinar',
        text: 'Your link no longer works. Ask the host for a new one if this was a mistake.',
        again: null,
      };
    case 'replaced':
      return {
        icon: 'devices',
        heading: 'You are connected somewhere else',
        text: 'Your link was opened in another window or on another device. A link is for one person.',
        again: 'Continue here',
      };
    case 'refused':
      return refusedWords(refusal);
  }
}

function refusedWords(refusal: Problem | null): Words {
  const text = [asSentence(refusal?.detail ?? ''), wayForward[refusal?.code ?? '']].filter(Boolean).join(' ');
  return { icon: 'warning', heading: refusal?.title ?? 'Not allowed', text, again: 'Try again' };
}

const ask = 'Ask the host, or whoever sent you this link, for a new one.';

const wayForward: Record<string, string> = {
  forbidden: ask,
  'no-such-room': 'Ask the host for the link of the right webinar.',
  'no-token':
    'Part of the link is missing: it continues after a # sign. Copy the whole link, or ask the host for it.',
  'bad-token': ask,
};
