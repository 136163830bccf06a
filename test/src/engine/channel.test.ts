import { Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, jest, test } from '@jest/globals';
import { controlFrame, eachRtp, FrameReader, FrameType } from '../../../mixer/protocol/framing.ts';
import { Channel, type ChannelEvents } from '../../../src/engine/channel.ts';

/** A socket whose other side reads only when told to. */
class Line extends Duplex {
  readonly frames: { type: number; payload: Buffer }[] = [];
  writes = 0;
  taking = true;
  readonly #reader = new FrameReader();
  override _read(): void {}
  override _write(bytes: Buffer, _: string, done: () => void): void {
    this.writes++;
    this.#reader.push(bytes, (type, payload) => this.frames.push({ type, payload }));
    if (this.taking) done();
  }
}

function open(): { line: Line; channel: Channel; events: jest.Mocked<ChannelEvents> } {
  const line = new Line();
  const events = {
    control: jest.fn(),
    media: jest.fn(),
    chunk: jest.fn(),
    trackFrame: jest.fn(),
    alive: jest.fn(),
    broken: jest.fn(),
  };
  return { line, channel: new Channel(line, events), events };
}

const packets = (payload: Buffer): string[] => {
  const found: string[] = [];
  eachRtp(payload, (track, arrivalUs, packet) => found.push(`${track} ${arrivalUs} ${packet}`));
  return found;
};

describe('out', () => {
  test('the packets of one turn go out in one write', async () => {
    const { line, channel } = open();
    channel.rtp(1, 10, Buffer.from('a'));
    channel.rtp(2, 11, Buffer.from('b'));
    expect(line.writes).toBe(0);
    await turn();
    channel.rtp(1, 12, Buffer.from('c'));
    await turn();
    expect(line.frames.map(({ payload }) => packets(payload))).toEqual([['1 10 a', '2 11 b'], ['1 12 c']]);
  });

  test('a message does not overtake the packets before it', async () => {
    const { line, channel } = open();
    channel.rtp(1, 10, Buffer.from('a'));
    channel.send({ type: 'remove-track', track: 1 });
    await turn();
    expect(line.frames.map(({ type }) => type)).toEqual([FrameType.RTP, FrameType.CONTROL]);
  });

  test('to one who does not read, packets are dropped and counted, messages kept', async () => {
    const { line, channel } = open();
    line.taking = false;
    const packet = Buffer.alloc(1200);
    for (let i = 0; i < 20; i++) {
      for (let j = 0; j < 1000; j++) channel.rtp(1, j, packet);
      await turn();
    }
    expect(channel.droppedPackets).toBeGreaterThan(18_000);
    expect(line.writableLength).toBeLessThan(2e6);
    const before = line.writableLength;
    channel.send({ type: 'key-frame', encoder: 1 });
    expect(line.writableLength).toBeGreaterThan(before);
  });

  test('a burst in one turn is bounded, too', async () => {
    const { line, channel } = open();
    for (let j = 0; j < 20_000; j++) channel.rtp(1, j, Buffer.alloc(1200));
    await turn();
    expect(line.frames[0]!.payload.length).toBeLessThan(1e6);
  });
});

describe('in', () => {
  test('an impossible frame breaks the channel, once', async () => {
    const { line, channel, events } = open();
    line.push(Buffer.alloc(32, 0xff));
    line.push(Buffer.alloc(32, 0xff));
    await turn();
    await turn();
    expect(events.broken).toHaveBeenCalledTimes(1);
    channel.send({ type: 'key-frame', encoder: 1 });
    expect(line.writes).toBe(0);
  });

  test('what makes no sense is counted and the rest is heard', async () => {
    const { line, channel, events } = open();
    line.push(controlFrame({ type: 'accepted', track: -1 }));
    line.push(controlFrame({ type: 'accepted', track: 5 }));
    await turn();
    expect(channel.badFrames).toBe(1);
    expect(events.control.mock.calls).toEqual([[{ type: 'accepted', track: 5 }]]);
    expect(events.alive).toHaveBeenCalledTimes(2);
    channel.close();
    channel.close();
    expect(events.broken).not.toHaveBeenCalled();
  });
});
