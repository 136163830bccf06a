import { useEffect, useState } from 'preact/hooks';
import { parseRoute } from '../route.ts';
import { HlsPage } from './HlsPage.tsx';
import { Landing } from './Landing.tsx';
import { RoomPage } from './RoomPage.tsx';

const here = () => parseRoute(location.pathname, location.hash);

/** Landing page or room, as the address says. Another link pasted over the first is another visit. */
export function App() {
  const [route, setRoute] = useState(here);
  useEffect(() => {
    const moved = () => setRoute(here());
    addEventListener('hashchange', moved);
    addEventListener('popstate', moved);
    return () => {
      removeEventListener('hashchange', moved);
      removeEventListener('popstate', moved);
    };
  }, []);
  if (route.page === 'hls') return <HlsPage playlist={route.playlist} />;
  if (route.page === 'room') return <RoomPage room={route.room} token={route.token} />;
  const open = (path: string) => {
    history.pushState(null, '', path);
    setRoute(here());
  };
  return <Landing onOpen={open} />;
}
