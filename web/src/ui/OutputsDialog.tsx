import { useState } from 'preact/hooks';
import type { OutputSpec, OutputView } from '../../../src/live/contract.ts';
import type { RoomSession } from '../room/session.ts';
import { watchPath } from '../route.ts';
import { ask } from './ask.ts';
import { Dialog } from './Dialog.tsx';
import { useStore } from './useStore.ts';

type Kind = OutputSpec['type'];

const kinds: { type: Kind; label: string; placeholder: string }[] = [
  { type: 'hls', label: 'Page for everybody (HLS)', placeholder: '' },
  { type: 'rtmp', label: 'RTMP', placeholder: 'rtmps://host/app/stream-key' },
  { type: 'srt', label: 'SRT', placeholder: 'srt://host:9000?streamid=…' },
  { type: 'whip', label: 'WHIP', placeholder: 'https://host/whip/…' },
];

const states: Record<OutputView['state'], string> = {
  starting: 'Starting…',
  running: 'Running',
  reconnecting: 'Trying again…',
  failed: 'Failed',
  stopped: 'Stopped',
};

/** Where the program goes beside this room: what runs, what is in trouble and why, and a way to add one. */
export function OutputsDialog({ session, onClose }: { session: RoomSession; onClose(): void }) {
  const outputs = useStore(session.store, (state) => state.outputs);
  return (
    <Dialog title="Streams" test="outputs-dialog" onClose={onClose}>
      {outputs.length === 0 && <p class="quiet">The program goes to nobody but this room.</p>}
      <ul class="outputs" data-test="output-list">
        {outputs.map((output) => (
          <Output key={output.id} session={session} output={output} />
        ))}
      </ul>
      <NewOutput session={session} hasPage={outputs.some(({ access }) => access === 'public')} />
    </Dialog>
  );
}

function Output({ session, output }: { session: RoomSession; output: OutputView }) {
  const { id, type, state, url, error } = output;
  const isTroubled = state === 'reconnecting' || state === 'failed';
  return (
    <li data-test="output" data-state={state}>
      <span class="output-row">
        <span>
          <strong>{type.toUpperCase()}</strong> <span class={`output-state ${state}`}>{states[state]}</span>
        </span>
        <button
          type="button"
          class="button small"
          data-test="output-stop"
          onClick={() => void ask(session, 'stop-output', { output: id })}
        >
          Stop
        </button>
      </span>
      {type === 'hls' ? (
        <a href={watchPath(url)} target="_blank" rel="noreferrer" data-test="output-link">
          {location.origin + watchPath(url)}
        </a>
      ) : (
        <span class="quiet">{url}</span>
      )}
      {isTroubled && error && (
        <span class="problem-text" data-test="output-error">
          {error}
        </span>
      )}
    </li>
  );
}

function NewOutput({ session, hasPage }: { session: RoomSession; hasPage: boolean }) {
  const [type, setType] = useState<Kind>('hls');
  const [url, setUrl] = useState('');
  const [token, setToken] = useState('');
  const [starting, setStarting] = useState(false);
  const kind = kinds.find((one) => one.type === type)!;
  const start = async (event: Event) => {
    event.preventDefault();
    setStarting(true);
    const secret = type === 'whip' && token !== '' ? { token } : {};
    const output: OutputSpec =
      type === 'hls' ? { type, access: hasPage ? 'token' : 'public' } : { type, url: url.trim(), ...secret };
    const made = await ask(session, 'start-output', { output });
    setStarting(false);
    if (!made) return;
    setUrl('');
    setToken('');
  };
  return (
    <form class="new-output" onSubmit={(event) => void start(event)}>
      <label class="field">
        <span class="field-label">Send to</span>
        <select
          value={type}
          data-test="output-type"
          onChange={(event) => setType(event.currentTarget.value as Kind)}
        >
          {kinds.map((one) => (
            <option key={one.type} value={one.type}>
              {one.label}
            </option>
          ))}
        </select>
      </label>
      {type !== 'hls' && (
        <label class="field">
          <span class="field-label">Address</span>
          <input
            required
            data-test="output-url"
            placeholder={kind.placeholder}
            autocomplete="off"
            spellcheck={false}
            value={url}
            onInput={(event) => setUrl(event.currentTarget.value)}
          />
        </label>
      )}
      {type === 'whip' && (
        <label class="field">
          <span class="field-label">Token</span>
          <input
            type="password"
            data-test="output-token"
            autocomplete="off"
            value={token}
            onInput={(event) => setToken(event.currentTarget.value)}
          />
        </label>
      )}
      <button type="submit" class="button primary" data-test="output-start" disabled={starting}>
        {starting ? 'Starting…' : 'Start'}
      </button>
    </form>
  );
}
