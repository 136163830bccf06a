import type { Negotiate } from '../../load/publisher.ts';
import type { Part, Venue } from '../sound/venue.ts';
import { JanusSession } from './api.ts';

const ROOM = 1;
/** Percent. It adds samples up and cuts off what is too large for 16 bits: four of our tones would be. */
const VOLUME = 40;
/** As Rostrum mixes and codes; Janus would take 16 kHz. */
const SOUND = { sampling_rate: 48_000, default_bitrate: 64_000 };

/** A room of the audio bridge: everybody has one connection and hears all but themselves. */
export async function openBridge(url: string): Promise<Venue> {
  const session = await JanusSession.open(url);
  const handle = await session.attach('audiobridge');
  await handle.ask({ request: 'create', room: ROOM, ...SOUND });
  await handle.close();
  const part = (display: string, direction: Part['direction']): Part => ({
    negotiate: joinBridge(session, display, direction === 'recvonly'),
    direction,
  });
  return {
    speaker: (token) => [part(token, 'sendrecv')],
    listener: (token) => part(token, 'recvonly'),
    close: () => session.close(),
  };
}

function joinBridge(session: JanusSession, display: string, muted: boolean): Negotiate {
  return async (offer) => {
    const handle = await session.attach('audiobridge');
    await handle.ask({ request: 'join', room: ROOM, display, muted, volume: VOLUME });
    const { jsep } = await handle.ask({ request: 'configure', muted }, { type: 'offer', sdp: offer });
    if (!jsep) throw new Error('Janus gave no answer to somebody in its audio bridge');
    return { answer: jsep.sdp, leave: () => handle.close() };
  };
}
