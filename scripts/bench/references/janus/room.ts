import type { VideoCodec } from '../../../../mixer/protocol/control.ts';
import type { Negotiate } from '../../load/publisher.ts';
import type { JanusHandle, JanusSession } from './api.ts';

const ROOM = 1;

/** A video room that leaves rates and key frames to its peers, as an SFU for a stage would. */
export async function createRoom(session: JanusSession, codec: VideoCodec): Promise<void> {
  const handle = await session.attach('videoroom');
  await handle.ask({
    request: 'create',
    room: ROOM,
    publishers: 100,
    bitrate: 0,
    fir_freq: 0,
    videocodec: codec,
    audiocodec: 'opus',
    notify_joining: false,
  });
  await handle.close();
}

/** How a publisher of the load joins. @param joined is told the publisher's id */
export function publishInto(session: JanusSession, joined: (feed: number) => void): Negotiate {
  return async (offer) => {
    const handle = await session.attach('videoroom');
    const { data } = await handle.ask({ request: 'join', ptype: 'publisher', room: ROOM });
    joined(Number(data.id));
    const { jsep } = await handle.ask({ request: 'publish' }, { type: 'offer', sdp: offer });
    if (!jsep) throw new Error('Janus gave no answer to a publisher');
    return { answer: jsep.sdp, leave: () => handle.close() };
  };
}

/** What Janus offers to one viewer: a peer connection with all streams, on a handle of its own. */
export interface Subscription {
  handle: JanusHandle;
  offer: string;
}

/** A subscription to publishers. */
export async function subscribe(session: JanusSession, feeds: readonly number[]): Promise<Subscription> {
  const handle = await session.attach('videoroom');
  const streams = feeds.map((feed) => ({ feed }));
  const { jsep } = await handle.ask({ request: 'join', ptype: 'subscriber', room: ROOM, streams });
  if (!jsep) throw new Error('Janus made no offer to a subscriber');
  return { handle, offer: jsep.sdp };
}

/** Its media begin. The mountpoints of the streaming plug-in are started alike. */
export async function startSubscription(handle: JanusHandle, answer: string): Promise<void> {
  await handle.ask({ request: 'start' }, { type: 'answer', sdp: answer });
}
