/** Everything `/metrics` says, gathered at the moment it is asked for. */

import type { IntervalHistogram } from 'node:perf_hooks';
import type { RoomMetrics } from '../../live/contract.ts';
import type { Counts } from './counts.ts';
import type { Family, Sample } from './openMetrics.ts';

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
    family('packets_sent', 'counter', 'RTP packets sent to subscribers.', (room) => room.packetsSent),
    family('sent_bytes', 'counter', 'Bytes of RTP sent to subscribers.', (room) => room.bytesSent, 'bytes'),
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

/** @param delay a histogram of the event loop's delay, in nanoseconds */
export function processFamilies(delay: IntervalHistogram): Family[] {
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
    gauge(
      'rostrum_event_loop_delay_p99_seconds',
      "99th percentile of the event loop's delay since the last scrape.",
      Number.isFinite(delay.percentile(99)) ? delay.percentile(99) / 1e9 : 0,
      'seconds',
    ),
  ];
}
