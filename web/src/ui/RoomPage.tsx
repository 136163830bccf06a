import { useEffect, useMemo, useState } from 'preact/hooks';
import { Problem } from '../media/problem.ts';
import { RoomSession } from '../room/session.ts';
import { type Claims, readClaims } from '../token.ts';
import { EndScreen } from './EndScreen.tsx';
import { GreenRoom } from './GreenRoom.tsx';
import { Live } from './Live.tsx';
import { useStore } from './useStore.ts';
import { WatchLobby } from './WatchLobby.tsx';

/** A room, entered with the token of the link. */
export function RoomPage({ room, token }: { room: string; token: string | null }) {
  const [visit, setVisit] = useState(1);
  const claims = useMemo(() => (token ? readClaims(token) : null), [token]);
  if (!token || !claims) {
    return (
      <EndScreen
        ending="refused"
        refusal={incomplete(token)}
        title={null}
        onAgain={() => location.reload()}
      />
    );
  }
  const again = () => setVisit(visit + 1);
  return (
    <Visit key={`${visit} ${room} ${token}`} room={room} token={token} claims={claims} onAgain={again} />
  );
}

function incomplete(token: string | null): Problem {
  return token
    ? new Problem({
        code: 'bad-token',
        title: 'This link is damaged',
        detail: 'Its second half cannot be read.',
      })
    : new Problem({ code: 'no-token', title: 'This link is incomplete' });
}

interface VisitProps {
  room: string;
  token: string;
  claims: Claims;
  onAgain(): void;
}

/** One visit, from the lobby to the end. */
function Visit({ room, token, claims, onAgain }: VisitProps) {
  const [session, setSession] = useState<RoomSession | null>(null);
  useEffect(() => {
    const opened = new RoomSession({ room, token, claims, origin: location.origin });
    setSession(opened);
    return () => opened.close();
  }, []);
  return session && <Phase session={session} onAgain={onAgain} />;
}

function Phase({ session, onAgain }: { session: RoomSession; onAgain(): void }) {
  const { phase, ending, refusal, room } = useStore(session.store, (state) => ({
    phase: state.phase,
    ending: state.ending,
    refusal: state.refusal,
    room: state.room,
  }));
  useEffect(() => {
    document.title = room ? `${room.title} · Rostrum` : 'Rostrum';
  }, [room?.title]);
  if (phase === 'over') {
    return (
      <EndScreen ending={ending ?? 'left'} refusal={refusal} title={room?.title ?? null} onAgain={onAgain} />
    );
  }
  if (phase === 'live') return <Live session={session} />;
  const { speaker } = session;
  return speaker ? (
    <GreenRoom session={session} capture={speaker.capture} />
  ) : (
    <WatchLobby session={session} />
  );
}
