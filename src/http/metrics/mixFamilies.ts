/** How well rooms mix: latency and lip sync. */

import type { Histogram, RoomMetrics } from '../../live/contract.ts';
import type { Family, Sample } from './openMetrics.ts';

export function mixFamilies(rooms: readonly RoomMetrics[]): Family[] {
  return [
    latency(
      'rostrum_picture_latency_seconds',
      "Arrival of a picture's last packet to the departure of the program's picture that shows it.",
      rooms.map(({ room, pictureLatency }) => [room, pictureLatency]),
    ),
    latency(
      'rostrum_sound_latency_seconds',
      'Arrival of a packet of sound to the departure of the mixed packet that holds it.',
      rooms.map(({ room, soundLatency }) => [room, soundLatency]),
    ),
    {
      name: 'rostrum_av_offset_seconds',
      type: 'gauge',
      help: "How much a source's sound is ahead of its picture, as they are mixed.",
      unit: 'seconds',
      samples: rooms.flatMap(({ room, avOffsets }) =>
        avOffsets.map(({ participant, kind, offsetMs }) => ({
          value: offsetMs / 1000,
          labels: { room, participant, kind },
        })),
      ),
    },
  ];
}

function latency(name: string, help: string, rooms: [string, Histogram | null][]): Family {
  const samples = rooms.flatMap(([room, histogram]) => (histogram ? samplesOf(room, histogram) : []));
  return { name, type: 'histogram', help, unit: 'seconds', samples };
}

/** Buckets count what was at most their bound (OpenMetrics 1.0, Histogram). */
function samplesOf(room: string, { boundsMs, counts, sumMs }: Histogram): Sample[] {
  let count = 0;
  const buckets = counts.map((added, index): Sample => {
    count += added;
    const bound = boundsMs[index];
    const le = bound === undefined ? '+Inf' : decimal(bound / 1000);
    return { value: count, suffix: '_bucket', labels: { room, le } };
  });
  return [
    ...buckets,
    { value: sumMs / 1000, suffix: '_sum', labels: { room } },
    { value: count, suffix: '_count', labels: { room } },
  ];
}

/** Bounds are written as floating point numbers, whole ones too. */
const decimal = (value: number): string => (Number.isInteger(value) ? `${value}.0` : String(value));
