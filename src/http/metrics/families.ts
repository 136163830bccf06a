/** Everything `/metrics` says, gathered at the moment it is asked for. */

import type { LiveRooms, RoomMetrics, ThreadLoad } from '../../live/contract.ts';
import type { Counts } from './counts.ts';
import { coarser, histogramSamples } from './histogram.ts';
import type { Family, Sample } from './openMetrics.ts';

/** As fine as alerts need it; all of them are bounds of what is counted. */
const LAG_BOUNDS_MS = [1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 200, 500, 1_000, 2_000, 5_000];

type PerRoom = (
  name: string,
  type: Family['type'],
  help: string,
  read: (room: RoomMetrics) => number | null,
  unit?: string,
) => Family;

export function roomFamilies(rooms: readonly RoomMetrics[]): Family[] {
  const family: PerRoom = (name, type, help, read, unit) => ({
    name: `rostrum_${name}`,
    type,
    help,
    unit,
    samples: rooms.flatMap((room): Sample[] => {
      const value = read(room);
      return value === null ? [] : [{ value, labels: { room: room.room } }];
    }),
  });
  return [
    { name: 'rostrum_rooms', type: 'gauge', help: 'Rooms that exist.', samples: [{ value: rooms.length }] },
    family('publishers', 'gauge', 'Media sessions coming in.', (room) => room.publishers),
    family('subscribers', 'gauge', 'Media sessions going out.', (room) => room.subscribers),
    family('video_encoders', 'gauge', 'Video encoders running.', (room) => room.videoEncoders),
    family('audio_encoders', 'gauge', 'Audio encoders running.', (room) => room.audioEncoders),
    family('mixer_restarts', 'counter', 'Mixers replaced after they died.', (room) => room.mixerRestarts),
    family('mixer_process_id', 'gauge', 'Process id of the mixer, while one runs.', (room) => room.mixerPid),
    family(
      'mixer_tick_lateness_p99_seconds',
      'gauge',
      'How late pictures were begun: 99th percentile of the last second.',
      (room) => room.tickLatenessP99Ms / 1000,
      'seconds',
    ),
    family(
      'mixer_skipped_pictures',
      'counter',
      'Pictures of the program left out because the one before was not encoded yet.',
      (room) => room.skippedPictures,
    ),
    family('room_full', 'gauge', '1 while nobody new is taken in for want of headroom.', (room) =>
      room.full ? 1 : 0,
    ),
    family('packets_sent', 'counter', 'RTP packets sent to subscribers.', (room) => room.packetsSent),
    family('sent_bytes', 'counter', 'Bytes of RTP sent to subscribers.', (room) => room.bytesSent, 'bytes'),
  ];
}

export function headroomFamilies({ shortage, refused }: ReturnType<LiveRooms['headroom']>): Family[] {
  return [
    {
      name: 'rostrum_full',
      type: 'gauge',
      help: '1 while nobody new is taken in anywhere for want of headroom.',
      samples: [{ value: shortage === null ? 0 : 1 }],
    },
    {
      name: 'rostrum_joins_refused',
      type: 'counter',
      help: 'WHIP and WHEP requests turned away for want of headroom.',
      samples: [{ value: refused }],
    },
  ];
}

export function edgeFamilies(counts: Counts): Family[] {
  const requests = [...counts.requests].map(([key, value]) => {
    const [method = '', status = ''] = key.split(' ');
    return { value, labels: { method, status } };
  });
  return [
    { name: 'rostrum_http_requests', type: 'counter', help: 'HTTP requests answered.', samples: requests },
    {
      name: 'rostrum_websockets',
      type: 'gauge',
      help: 'WebSockets open.',
      samples: [{ value: counts.sockets }],
    },
  ];
}

export function threadFamilies(threads: readonly ThreadLoad[]): Family[] {
  const senders = threads.filter(({ thread }) => thread !== 'main');
  const of = (some: readonly ThreadLoad[], read: (thread: ThreadLoad) => number): Sample[] =>
    some.map((thread) => ({ value: read(thread), labels: { thread: thread.thread } }));
  return [
    {
      name: 'rostrum_event_loop_delay_seconds',
      type: 'histogram',
      help: "How late a thread's event loop was, looked at every 10 ms.",
      unit: 'seconds',
      samples: threads.flatMap(({ thread, lag }) =>
        histogramSamples({ thread }, coarser(lag, LAG_BOUNDS_MS)),
      ),
    },
    {
      name: 'rostrum_event_loop_delay_p99_seconds',
      type: 'gauge',
      help: "99th percentile of how late a thread's event loop was in the last 15 s.",
      unit: 'seconds',
      samples: of(threads, ({ lagP99Ms }) => lagP99Ms / 1000),
    },
    {
      name: 'rostrum_thread_subscribers',
      type: 'gauge',
      help: 'Media sessions going out, by the thread that sends to them.',
      samples: of(senders, ({ subscribers }) => subscribers),
    },
    {
      name: 'rostrum_thread_dropped_pictures',
      type: 'counter',
      help: 'Pictures and sounds that a thread was not given because it was too far behind.',
      samples: of(senders, ({ droppedPictures }) => droppedPictures),
    },
  ];
}

export function processFamilies(): Family[] {
  const { user, system } = process.cpuUsage();
  const gauge = (name: string, help: string, value: number, unit?: string): Family => ({
    name,
    type: 'gauge',
    help,
    unit,
    samples: [{ value }],
  });
  const startedS = Date.now() / 1000 - process.uptime();
  return [
    {
      name: 'process_cpu_seconds',
      type: 'counter',
      help: 'CPU time of the server process, user and system.',
      unit: 'seconds',
      samples: [{ value: (user + system) / 1e6 }],
    },
    gauge(
      'process_resident_memory_bytes',
      'Resident memory of the server process.',
      process.memoryUsage.rss(),
      'bytes',
    ),
    gauge('process_start_time_seconds', 'Start of the process, Unix time.', startedS, 'seconds'),
  ];
}
