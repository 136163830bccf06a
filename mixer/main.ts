import { AV_LOG_FATAL } from 'node-av/constants';
import { getFFmpegInfo, Log } from 'node-av/lib';
import { Channel } from './channel.ts';
import { Room } from './room.ts';

/**
 * A room's mixer: one process, started and ended by the server over the channel on descriptor 3.
 * Ctrl-C and systemd signal the whole process group; the server decides when a mixer ends.
 */
const CHANNEL_FD = 3;

process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
// Hostile streams make libav chatty; what matters comes back as return values.
Log.setLevel(AV_LOG_FATAL);

let room: Room | undefined;

const channel = new Channel(CHANNEL_FD, {
  control(message) {
    if (message.type === 'configure') room ??= new Room(message, channel);
    else room?.handle(message);
  },
  rtp(track, packet, arrivalUs) {
    room?.push(track, packet, arrivalUs);
  },
  // A thread may be inside libav, for ever perhaps, and `process.exit` would wait for it.
  closed: () => process.kill(process.pid, 'SIGKILL'),
});

channel.send({ type: 'ready', ffmpeg: getFFmpegInfo().version });
