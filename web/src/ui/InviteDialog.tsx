import { useEffect, useRef, useState } from 'preact/hooks';
import type { RoomSession } from '../room/session.ts';
import { ask } from './ask.ts';
import { Dialog } from './Dialog.tsx';
import { Icon } from './icons.tsx';

type Invited = 'co-host' | 'panelist' | 'viewer';

const roles: { role: Invited; label: string; may: string }[] = [
  { role: 'panelist', label: 'Panelist', may: 'is on stage with camera and microphone' },
  { role: 'viewer', label: 'Viewer', may: 'watches and listens' },
  { role: 'co-host', label: 'Co-host', may: 'is on stage and may do what you may do' },
];

/** Makes a link for one person, to be copied or shared. */
export function InviteDialog({ session, onClose }: { session: RoomSession; onClose(): void }) {
  const [role, setRole] = useState<Invited>('panelist');
  const [name, setName] = useState('');
  const [url, setUrl] = useState<string | null>(null);
  const make = async (event: Event) => {
    event.preventDefault();
    const answer = await ask(session, 'invite', { role, name: name.trim() || 'Guest' });
    if (answer) setUrl(answer.url);
    else onClose();
  };
  const another = () => {
    setUrl(null);
    setName('');
  };
  return (
    <Dialog title="Invite somebody" test="invite-dialog" onClose={onClose}>
      {url ? (
        <Link url={url} name={name.trim()} onNext={another} />
      ) : (
        <form class="invite" onSubmit={(event) => void make(event)}>
          <label class="field">
            <span class="field-label">Name</span>
            <input
              data-test="invite-name"
              maxLength={100}
              required
              autoComplete="off"
              placeholder="Shown to everybody"
              value={name}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          </label>
          <fieldset class="roles">
            <legend class="field-label">Role</legend>
            {roles.map((each) => (
              <label key={each.role} class="role-choice">
                <input
                  type="radio"
                  name="role"
                  value={each.role}
                  data-test={`invite-${each.role}`}
                  checked={role === each.role}
                  onChange={() => setRole(each.role)}
                />
                <span>
                  <strong>{each.label}</strong> {each.may}
                </span>
              </label>
            ))}
          </fieldset>
          <div class="dialog-actions">
            <button type="submit" class="button primary" data-test="invite-make">
              Make a link
            </button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

function Link({ url, name, onNext }: { url: string; name: string; onNext(): void }) {
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);
  const copy = async () => setCopied(await copyText(url, field.current!));
  useEffect(() => field.current?.focus(), []);
  const canShare = typeof navigator.share === 'function';
  return (
    <div class="invite">
      <p>This link lets {name || 'one person'} in. Send it only to them: a link is for one person.</p>
      <input
        ref={field}
        class="invite-url"
        readOnly
        aria-label="Link"
        data-test="invite-url"
        value={url}
        onFocus={(event) => event.currentTarget.select()}
      />
      <div class="dialog-actions">
        <button type="button" class="button text" data-test="invite-next" onClick={onNext}>
          Invite another
        </button>
        {canShare && (
          <button
            type="button"
            class="button with-icon"
            data-test="invite-share"
            onClick={() => navigator.share({ title: 'Join the webinar', url }).catch(() => {})}
          >
            <Icon name="share" /> <span>Share</span>
          </button>
        )}
        <button
          type="button"
          class="button primary with-icon"
          data-test="invite-copy"
          onClick={() => void copy()}
        >
          <Icon name={copied ? 'check' : 'copy'} /> <span role="status">{copied ? 'Copied' : 'Copy'}</span>
        </button>
      </div>
    </div>
  );
}

/** Without HTTPS there is no clipboard; selecting the text and the old command still work. */
async function copyText(text: string, field: HTMLInputElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    field.select();
    return document.execCommand('copy');
  }
}
