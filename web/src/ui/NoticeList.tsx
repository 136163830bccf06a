import type { NoticeAction } from '../room/notices.ts';
import type { RoomSession } from '../room/session.ts';
import { IconButton } from './IconButton.tsx';
import { useStore } from './useStore.ts';

/** Short messages over the stage, newest last. */
export function NoticeList({ session, onDevices }: { session: RoomSession; onDevices(): void }) {
  const notices = useStore(session.store, (state) => state.notices);
  const run = (action: NoticeAction) => {
    if (action === 'retry-upload') session.speaker?.retry();
    if (action === 'unmute') void session.speaker?.capture.setMicrophone(true);
    if (action === 'ask-again') void session.speaker?.capture.ask();
    if (action === 'open-devices') onDevices();
  };
  return (
    <div class="notices" role="status" aria-live="polite">
      {notices.map(({ id, tone, title, detail, action, topic }) => (
        <div key={id} class={`notice ${tone}`} data-test="notice" data-topic={topic}>
          <div class="notice-text">
            <strong>{title}</strong>
            {detail && <p>{detail}</p>}
            {action && (
              <button
                type="button"
                class="button small"
                data-test="notice-action"
                onClick={() => {
                  run(action.does);
                  session.notices.dismiss(id);
                }}
              >
                {action.label}
              </button>
            )}
          </div>
          <IconButton
            icon="close"
            label="Dismiss"
            test="notice-close"
            onPress={() => session.notices.dismiss(id)}
          />
        </div>
      ))}
    </div>
  );
}
