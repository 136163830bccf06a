import type { RoomView } from '../../../src/live/contract.ts';
import type { RoomSession } from '../room/session.ts';
import { ask } from './ask.ts';
import { useStore } from './useStore.ts';

/** For a host: whether everybody is sent one mixed stream, or each speaker's own. Viewers follow by themselves. */
export function ModeChoice({ session }: { session: RoomSession }) {
  const mode = useStore(session.store, (state) => state.room?.mode);
  if (!mode) return null;
  return (
    <label class="mode-choice">
      <span class="field-label">Viewers receive</span>
      <select
        data-test="mode"
        value={mode}
        onChange={(event) =>
          void ask(session, 'set-room', { mode: event.currentTarget.value as RoomView['mode'] })
        }
      >
        <option value="mcu">One mixed stream</option>
        <option value="sfu">Each speaker’s own stream</option>
      </select>
    </label>
  );
}
