import { AV_LOG_WARNING } from 'node-av/constants';
import { Log } from 'node-av/lib';
import { FrameReader, FrameType, readChunk } from '../protocol/framing.ts';
import type { PushOrder } from '../protocol/push.ts';
import { WhipStream } from './whip.ts';

/**
 * Sends a program to a WHIP endpoint: a process of its own, started and ended by the server. Its
 * standard input closes when the server is gone, and signals to the whole group are not for it.
 */
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
Log.setLevel(AV_LOG_WARNING);

/** Pictures and sound frames that may wait for the network: about three seconds. */
const MAX_WAITING = 250;

let stream: WhipStream | undefined;
const reader = new FrameReader();

const end = (reason: string): never => {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
};

function begin(order: PushOrder): void {
  stream = new WhipStream(order, MAX_WAITING, {
    running: () => process.stdout.write('running\n'),
    failed: end,
  });
}

process.stdin.on('data', (bytes: Buffer) => {
  reader.push(bytes, (type, payload) => {
    if (type === FrameType.CONTROL) begin(JSON.parse(payload.toString()) as PushOrder);
    else if (type === FrameType.CHUNK) stream?.push(readChunk(payload));
  });
});
process.stdin.on('end', () => void (stream?.end() ?? Promise.resolve()).finally(() => process.exit(0)));
process.stdin.on('error', () => process.exit(0));
