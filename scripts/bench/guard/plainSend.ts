/**
 * Sending media in the plainest way Node has: for each packet a cipher and a send on a connected socket, nothing
 * else. Both ends are this program, `fork`ed twice and called by `sendRatio.ts`.
 */
import { createCipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { answerCalls } from '../load/calls.ts';

export interface SendOrder {
  /** One for each viewer. */
  ports: number[];
  packetsPerSecond: number;
  seconds: number;
}

/** Mean of what four speakers' pictures and sound are, before encryption. */
const PACKET_BYTES = 900;
const HEADER_BYTES = 12;
const TAG_BYTES = 16;
/** As often as media leaves a server that sends bursts. */
const EVERY_MS = 5;
const RECEIVE_BUFFER_BYTES = 4 << 20;

const sockets: Socket[] = [];

async function sink(count: number): Promise<number[]> {
  for (let at = 0; at < count; at++) {
    const socket = createSocket('udp4', () => {});
    const listening = once(socket, 'listening');
    socket.bind(0, '127.0.0.1');
    await listening;
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
    sockets.push(socket);
  }
  return sockets.map((socket) => socket.address().port);
}

/** @returns processor µs for each packet */
async function send({ ports, packetsPerSecond, seconds }: SendOrder): Promise<number> {
  const viewers = await Promise.all(ports.map(viewerAt));
  const startMs = performance.now();
  const used = process.cpuUsage();
  let packets = 0;
  while (performance.now() - startMs < seconds * 1000) {
    const due = ((performance.now() - startMs) / 1000) * packetsPerSecond;
    for (; packets < due; packets++) viewers[packets % viewers.length]!(packets);
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
  const { user, system } = process.cpuUsage(used);
  return (user + system) / packets;
}

/** One protected packet to one viewer, in a buffer of its own, since the kernel may still read the last one. */
async function viewerAt(port: number): Promise<(sequence: number) => void> {
  const socket = createSocket('udp4');
  sockets.push(socket);
  const connected = once(socket, 'connect');
  socket.connect(port, '127.0.0.1');
  await connected;
  socket.on('error', () => {});
  const key = createSecretKey(randomBytes(16));
  const iv = randomBytes(12);
  const plain = randomBytes(PACKET_BYTES);
  const header = plain.subarray(0, HEADER_BYTES);
  const payload = plain.subarray(HEADER_BYTES);
  return (sequence) => {
    header.writeUInt16BE(sequence & 0xffff, 2);
    iv.writeUInt32BE(sequence, 8);
    const cipher = createCipheriv('aes-128-gcm', key, iv);
    cipher.setAAD(header);
    const datagram = Buffer.allocUnsafe(PACKET_BYTES + TAG_BYTES);
    header.copy(datagram);
    cipher.update(payload).copy(datagram, HEADER_BYTES);
    cipher.final();
    cipher.getAuthTag().copy(datagram, PACKET_BYTES);
    socket.send(datagram);
  };
}

const calls = { sink, send };

export type PlainCalls = typeof calls;

answerCalls(calls, () => {
  for (const socket of sockets) socket.close();
});
