import type { RoomSession } from '../../room/session.ts';
import { useStore } from '../useStore.ts';

/** Says that viewers of a room that forwards do not see what is only in the mixed program. */
export function ProgramOnly({ session, what }: { session: RoomSession; what: string }) {
  const mode = useStore(session.store, (state) => state.room?.mode);
  if (mode !== 'sfu') return null;
  return (
    <p class="desk-hint" role="note">
      {what} in recordings and streams only while viewers receive each speaker’s own stream.
    </p>
  );
}
