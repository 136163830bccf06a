import type { RoomSession } from '../room/session.ts';
import { Icon } from './icons.tsx';
import { LobbyHead } from './LobbyHead.tsx';

/** One click to watch: browsers want one before they play sound. */
export function WatchLobby({ session }: { session: RoomSession }) {
  return (
    <main class="page lobby" data-test="watch-lobby">
      <LobbyHead session={session} />
      <button
        type="button"
        class="watch"
        data-test="watch"
        // biome-ignore lint/a11y/noAutofocus: the page has one purpose, and Enter should do it.
        autoFocus
        onClick={() => session.enter()}
      >
        <span class="watch-disc">
          <Icon name="play" />
        </span>
        <span class="watch-text">Watch with sound</span>
      </button>
      <p class="quiet">
        You watch as <strong>{session.claims.name || 'a guest'}</strong>. Nobody sees or hears you.
      </p>
    </main>
  );
}
