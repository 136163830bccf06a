import { describe, expect, test } from '@jest/globals';
import { levelDb, meterPosition } from '../../../web/src/media/levelMeter.ts';
import { bytesReceived, readStatistics, type StatsEntry } from '../../../web/src/media/statistics.ts';

const inbound = (timestamp: number, change: object = {}): StatsEntry[] => [
  { type: 'transport', id: 'T', timestamp, selectedCandidatePairId: 'P2' },
  { type: 'candidate-pair', id: 'P1', timestamp, nominated: true, state: 'succeeded', bytesReceived: 1 },
  { type: 'candidate-pair', id: 'P2', timestamp, currentRoundTripTime: 0.0214, bytesReceived: 9000 },
  { type: 'codec', id: 'C', timestamp, mimeType: 'video/VP8' },
  {
    type: 'inbound-rtp',
    id: 'V',
    kind: 'video',
    timestamp,
    codecId: 'C',
    frameWidth: 1280,
    frameHeight: 720,
    framesPerSecond: 30,
    bytesReceived: 1_000_000,
    packetsReceived: 1000,
    packetsLost: 5,
    jitterBufferDelay: 10,
    jitterBufferEmittedCount: 300,
    freezeCount: 0,
    ...change,
  },
];

describe('readStatistics', () => {
  test('rates, loss and delay come from the difference of two looks', () => {
    const later = {
      bytesReceived: 1_250_000,
      packetsReceived: 1196,
      packetsLost: 9,
      jitterBufferDelay: 11.2,
      jitterBufferEmittedCount: 330,
    };
    expect(readStatistics(inbound(2000, later), inbound(1000), 'in')).toMatchObject({
      widthPx: 1280,
      heightPx: 720,
      fps: 30,
      videoKbps: 2000,
      loss: 0.02,
      jitterBufferMs: 40,
      rttMs: 21,
      codec: 'VP8',
      freezes: 0,
    });
  });

  test('of several pictures rates, losses and freezes are summed, the size is the largest', () => {
    const second = (timestamp: number, bytesReceived: number) => [
      ...inbound(timestamp, { bytesReceived, freezeCount: 1 }),
      ...inbound(timestamp, { id: 'V2', frameWidth: 640, frameHeight: 360, bytesReceived, freezeCount: 2 }),
      { type: 'inbound-rtp', id: 'V3', kind: 'video', timestamp, bytesReceived: 0 },
    ];
    expect(readStatistics(second(2000, 100_000), second(1000, 0), 'in')).toMatchObject({
      pictures: 2,
      widthPx: 1280,
      videoKbps: 1600,
      freezes: 3,
    });
  });

  test('the first look has no rates', () => {
    expect(readStatistics(inbound(1000), [], 'in')).toMatchObject({
      fps: 30,
      videoKbps: null,
      loss: null,
      jitterBufferMs: null,
    });
  });

  test('packets counted lost that came late after all are no negative loss', () => {
    expect(
      readStatistics(inbound(2000, { packetsLost: 0, packetsReceived: 1100 }), inbound(1000), 'in').loss,
    ).toBe(0);
  });

  test('a sender sees its rate, what limits it and the loss the receiver told', () => {
    const look = (timestamp: number, bytesSent: number): StatsEntry[] => [
      {
        type: 'outbound-rtp',
        id: 'O',
        kind: 'video',
        timestamp,
        bytesSent,
        qualityLimitationReason: 'bandwidth',
      },
      { type: 'remote-inbound-rtp', id: 'R', kind: 'video', timestamp, fractionLost: 0.04 },
    ];
    expect(readStatistics(look(3000, 500_000), look(1000, 100_000), 'out')).toMatchObject({
      videoKbps: 1600,
      limitedBy: 'bandwidth',
      loss: 0.04,
    });
  });
});

test('bytesReceived follows the selected pair, or the nominated one where none is named', () => {
  expect(bytesReceived(inbound(1))).toBe(9000);
  expect(bytesReceived(inbound(1).slice(1))).toBe(1);
  expect(bytesReceived([])).toBe(0);
});

test('a meter is empty in silence and full at full scale', () => {
  expect(meterPosition(levelDb(new Float32Array(64)))).toBe(0);
  expect(meterPosition(levelDb(new Float32Array(64).fill(1)))).toBe(1);
  expect(levelDb(new Float32Array(64).fill(0.1))).toBeCloseTo(-20);
  expect(meterPosition(-30)).toBeCloseTo(0.5);
});
