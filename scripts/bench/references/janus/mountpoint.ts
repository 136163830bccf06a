import type { VideoCodec } from '../../../../mixer/protocol/control.ts';
import type { JanusSession } from './api.ts';
import type { Subscription } from './room.ts';

const MOUNTPOINT = 1;
const LOOPBACK = '127.0.0.1';

/** What the feed sends under. */
export const mountpointTypes = { audio: 111, video: 96 } as const;

/** Where a mountpoint takes RTP, on loopback. */
export interface MountpointPorts {
  audio: number;
  video: number;
}

/** A mountpoint of the streaming plug-in, with one sound and one picture, on ports that Janus chooses. */
export async function createMountpoint(session: JanusSession, codec: VideoCodec): Promise<MountpointPorts> {
  const handle = await session.attach('streaming');
  const taken = { port: 0, iface: LOOPBACK };
  const h264 = { fmtp: 'packetization-mode=1;profile-level-id=42e01f' };
  const { data } = await handle.ask({
    request: 'create',
    type: 'rtp',
    id: MOUNTPOINT,
    media: [
      { type: 'audio', mid: 'a', pt: mountpointTypes.audio, codec: 'opus', ...taken },
      {
        ...{ type: 'video', mid: 'v', pt: mountpointTypes.video, codec, ...taken },
        ...(codec === 'h264' && h264),
      },
    ],
  });
  await handle.close();
  const { ports } = data.stream as { ports: { type: string; port: number }[] };
  const portOf = (type: string) => ports.find((each) => each.type === type)?.port;
  const [audio, video] = [portOf('audio'), portOf('video')];
  if (!audio || !video) throw new Error('Janus opened no ports for its mountpoint');
  return { audio, video };
}

/** What a mountpoint offers to one viewer. */
export async function watchMountpoint(session: JanusSession): Promise<Subscription> {
  const handle = await session.attach('streaming');
  const { jsep } = await handle.ask({ request: 'watch', id: MOUNTPOINT });
  if (!jsep) throw new Error('Janus made no offer to a viewer of its mountpoint');
  return { handle, offer: jsep.sdp };
}
