import type { RoomSession } from '../room/session.ts';
import { Logo } from './icons.tsx';
import { useStore } from './useStore.ts';
import { people } from './words.ts';

/** Which webinar this is and what happens in it right now. Its height never changes. */
export function LobbyHead({ session }: { session: RoomSession }) {
  const { room, channel, onStage } = useStore(session.store, (state) => ({
    room: state.room,
    channel: state.channel,
    onStage: state.people.filter((each) => each.onStage).length,
  }));
  return (
    <header class="lobby-head">
      <div class="brand">
        <Logo />
        <span>Rostrum</span>
      </div>
      <h1 data-test="room-title">{room?.title ?? '\u00a0'}</h1>
      <p class="lobby-state" role="status" data-test="lobby-state" data-channel={channel}>
        {channel === 'open' && room ? (
          <>
            <Badge live={room.live} />
            <span>
              {onStage > 0 ? `${people(onStage, 'person', 'people')} on stage` : 'Nobody on stage yet'}
            </span>
          </>
        ) : (
          <span class="busy">
            {channel === 'connecting'
              ? 'Connecting to the server…'
              : 'The server does not answer. Trying again…'}
          </span>
        )}
      </p>
    </header>
  );
}

export function Badge({ live }: { live: boolean }) {
  return (
    <span class={`badge ${live ? 'live' : 'waiting'}`} data-test="live-badge">
      {live ? 'Live' : 'Green room'}
    </span>
  );
}
