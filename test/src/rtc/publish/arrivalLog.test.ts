import { describe, expect, test } from '@jest/globals';
import { ArrivalLog } from '../../../../src/rtc/publish/arrivalLog.ts';
import { DELTA_US, REFERENCE_US, readTransportFeedback } from '../../../../src/rtc/rtcp/transportCc.ts';
import { seeded } from '../random.ts';

/** Every status of all feedback: [sequence, arrival in µs or null]. */
function statuses(packets: Buffer[]): [sequence: number, arrivalUs: number | null][] {
  return packets.flatMap((packet) => {
    const feedback = readTransportFeedback(packet.subarray(4))!;
    return feedback.arrivals.map((steps, i): [number, number | null] => [
      (feedback.baseSequence + i) & 0xffff,
      steps === null ? null : feedback.referenceTime * REFERENCE_US + steps * DELTA_US,
    ]);
  });
}

describe('arrivals', () => {
  test('nothing arrived, nothing is sent', () => {
    const log = new ArrivalLog();
    expect(log.take(1, 2)).toEqual([]);
    log.packet(1, 1_000);
    expect(log.take(1, 2)).toHaveLength(1);
    expect(log.take(1, 2)).toEqual([]);
  });

  test('loss is reported, even when it spans two reports', () => {
    const log = new ArrivalLog();
    log.packet(10, 1_000_000);
    log.packet(12, 1_010_000);
    expect(statuses(log.take(1, 2)).map(([sequence, at]) => [sequence, at !== null])).toEqual([
      [10, true],
      [11, false],
      [12, true],
    ]);
    log.packet(15, 1_060_000);
    expect(statuses(log.take(1, 2)).map(([sequence, at]) => [sequence, at !== null])).toEqual([
      [13, false],
      [14, false],
      [15, true],
    ]);
  });

  test('a late packet is reported after all', () => {
    const log = new ArrivalLog();
    log.packet(10, 1_000_000);
    log.packet(12, 1_001_000);
    log.take(1, 2);
    log.packet(11, 1_050_000);
    expect(statuses(log.take(1, 2))[0]).toEqual([11, 1_050_000]);
  });

  test('a pause longer than a delta can say begins another packet', () => {
    const log = new ArrivalLog();
    log.packet(1, 1_000_000);
    log.packet(2, 12_000_000);
    const packets = log.take(1, 2);
    expect(packets).toHaveLength(2);
    expect(statuses(packets)).toEqual([
      [1, 1_000_000],
      [2, 12_000_000],
    ]);
  });

  test('seeded loss, reordering, duplicates and wrap: what arrived is told exactly', () => {
    const random = seeded(5);
    const log = new ArrivalLog();
    const arrived = new Map<number, number>();
    const told = new Map<number, number | null>();
    let at = 5_000_000;
    let late: number[] = [];
    const first = 65_000;
    for (let i = first; i < first + 3_000; i++) {
      at += Math.floor(random() * 4_000);
      if (random() < 0.1) continue;
      if (random() < 0.05) {
        late.push(i);
        continue;
      }
      const now = random() < 0.2 ? late.splice(0) : [];
      for (const sequence of [i, ...now]) {
        log.packet(sequence & 0xffff, at);
        if (random() < 0.1) log.packet(sequence & 0xffff, at + 500);
        arrived.set(sequence & 0xffff, at);
      }
      if (i % 25 === 0) {
        const packets = log.take(1, 2);
        for (const packet of packets) expect(packet.length).toBeLessThan(1_200);
        for (const [sequence, arrivalUs] of statuses(packets)) told.set(sequence, arrivalUs);
      }
    }
    for (const [sequence, arrivalUs] of statuses(log.take(1, 2))) told.set(sequence, arrivalUs);
    late = late.filter((sequence) => !arrived.has(sequence & 0xffff));
    expect(told.size).toBeGreaterThanOrEqual(2_990);
    for (const [sequence, arrivalUs] of arrived) {
      const said = told.get(sequence);
      expect(said).not.toBeNull();
      expect(Math.abs(said! - arrivalUs)).toBeLessThanOrEqual(DELTA_US);
    }
    for (const [sequence, arrivalUs] of told)
      if (arrivalUs === null) expect(arrived.has(sequence)).toBe(false);
  });

  test('hostile jumps neither throw nor make endless reports', () => {
    const random = seeded(6);
    const log = new ArrivalLog();
    let packets = 0;
    for (let i = 0; i < 5_000; i++) {
      log.packet(Math.floor(random() * 65_536), i * 1_000);
      if (i % 50 === 0) packets += log.take(1, 2).length;
    }
    expect(packets).toBeLessThan(100 * 8);
  });
});
