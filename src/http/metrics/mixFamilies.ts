/** How well rooms mix: latency and lip sync. */

import type { Histogram, RoomMetrics } from '../../live/contract.ts';
import { histogramSamples } from './histogram.ts';
import type { Family } from './openMetrics.ts';

export function mixFamilies(rooms: readonly RoomMetrics[]): Family[] {
  return [
    latency(
      'rostrum_mixer_tick_lateness_seconds',
      'How late pictures of the program were begun.',
      rooms.map(({ room, tickLateness }) => [room, tickLateness]),
    ),
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
  const samples = rooms.flatMap(([room, histogram]) =>
    histogram ? histogramSamples({ room }, histogram) : [],
  );
  return { name, type: 'histogram', help, unit: 'seconds', samples };
}
