import { useState } from 'preact/hooks';
import { pathOfLink } from '../route.ts';
import { Logo } from './icons.tsx';

/** What this is, for whoever came without a link. */
export function Landing({ onOpen }: { onOpen(path: string): void }) {
  const [link, setLink] = useState('');
  const [wrong, setWrong] = useState(false);
  const open = (event: Event) => {
    event.preventDefault();
    const path = pathOfLink(link);
    if (path) onOpen(path);
    else setWrong(true);
  };
  return (
    <main class="page landing" data-test="landing">
      <div class="brand">
        <Logo />
        <span>Rostrum</span>
      </div>
      <h1>Many on stage. One stream for everybody.</h1>
      <p class="lead">
        Rostrum is a webinar server. It mixes the speakers’ pictures and voices into one program, so watching
        takes no more than one video, however many people speak.
      </p>
      <form class="card" onSubmit={open}>
        <label class="field">
          <span class="field-label">Have a join link? Paste it here.</span>
          <input
            type="url"
            inputMode="url"
            autoComplete="off"
            placeholder="https://…/r/room#…"
            data-test="link-input"
            aria-invalid={wrong}
            aria-describedby={wrong ? 'link-wrong' : undefined}
            value={link}
            onInput={(event) => {
              setLink(event.currentTarget.value);
              setWrong(false);
            }}
          />
        </label>
        {wrong && (
          <p class="field-error" id="link-wrong" role="alert">
            That is not a join link of this server. It looks like …/r/room#token, and the part after # is
            needed.
          </p>
        )}
        <button type="submit" class="button primary" data-test="open-link">
          Open
        </button>
      </form>
      <div class="card">
        <h2>How to get a link</h2>
        <ul>
          <li>Invited? Your link is in the invitation. Ask the host if it is missing.</li>
          <li>
            Hosting? Open the host link that the server printed when it started, then invite others from
            there.
          </li>
        </ul>
      </div>
    </main>
  );
}
