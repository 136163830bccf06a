/**
 * One WebSocket: messages in, in order; answers and events out. A handler that waits does not hold up
 * the events, but the next message of the same client waits for its answer.
 */

import type { RawData, WebSocket } from 'ws';
import { RostrumError } from '../errors.ts';
import type { Membership, RoomEvent } from '../live/contract.ts';
import { handleMessage, type Member } from './handlers.ts';
import { createMessageRate } from './messageRate.ts';
import { type ClientMessage, clientMessages } from './messages.ts';
import { createOutbox } from './outbox.ts';
import { type MessageId, parseMessage } from './parse.ts';
import type { SignalingParts } from './parts.ts';

/** RFC 6455 7.4.1. */
const NORMAL = 1000;
const GOING_AWAY = 1001;
const POLICY = 1008;

/** Messages of one client that wait for the one before; the rate limit lets no more pile up. */
const MAX_WAITING = 200;

/** Runs until the socket closes, which the caller hears from the socket itself. */
export function serveConnection(socket: WebSocket, base: string, parts: SignalingParts): void {
  const { limits, log } = parts;
  const outbox = createOutbox(socket, () => {
    log.info({ participant: member?.who.participant }, 'a WebSocket was closed: the client does not read');
    socket.terminate();
  });
  const rate = createMessageRate(limits.messagesPerSecond, limits.messageBurst);
  let member: Member | null = null;
  let membership: Membership | null = null;
  let waiting = 0;
  let last: Promise<void> = Promise.resolve();

  const deadline = setTimeout(() => socket.close(POLICY, 'no join in time'), limits.joinTimeoutMs);

  socket.on('message', (raw, binary) => {
    if (socket.readyState !== socket.OPEN) return;
    if (!rate.allows(performance.now()) || waiting >= MAX_WAITING)
      return socket.close(POLICY, 'too many messages');
    waiting += 1;
    last = last
      .then(() => receive(raw, binary))
      .finally(() => {
        waiting -= 1;
      });
  });
  socket.on('error', (err) => log.debug({ err: err.message }, 'a WebSocket failed'));
  socket.on('close', () => {
    clearTimeout(deadline);
    leave();
  });

  function leave(): void {
    membership?.leave();
    membership = null;
  }

  async function receive(raw: RawData, binary: boolean): Promise<void> {
    if (socket.readyState !== socket.OPEN) return;
    if (binary) return refuse(null, new RostrumError('invalid-request', 'messages are text'));
    const parsed = parseMessage(raw.toString());
    if ('error' in parsed) return refuse(parsed.re, parsed.error);
    const { message } = parsed;
    const re = message.id ?? null;
    try {
      await answer(re, message);
    } catch (error) {
      refuse(re, asRostrumError(error));
    }
  }

  async function answer(re: MessageId, message: ClientMessage): Promise<void> {
    if (message.type === 'join') return join(re, message.token);
    if (!member) throw new RostrumError('unauthorized', 'the first message is join; send it with a token');
    member.role = roleOf(member);
    const may: readonly string[] = clientMessages[message.type].may;
    if (!may.includes(member.role)) {
      const who = `${message.type} is for ${may.join(', ')}`;
      throw new RostrumError('forbidden', `a ${member.role} may not send ${message.type}; ${who}`);
    }
    if (message.type === 'leave') {
      leave();
      outbox.send({ re });
      return socket.close(NORMAL, 'left');
    }
    outbox.send({ re, ...(await handleMessage(member, message, parts)) });
  }

  async function join(re: MessageId, token: string): Promise<void> {
    if (member)
      throw new RostrumError(
        'invalid-request',
        'this connection has joined already; open another for another person',
      );
    const who = await parts.tokens.verify(token);
    const room = parts.rooms.get(who.room);
    if (parts.isDraining())
      throw new RostrumError('shutting-down', 'the server stops and lets nobody in any more; try again', 5);
    room.admit(who);
    if (socket.readyState !== socket.OPEN) return;
    // Events that come while joining are sent after the answer, which carries the state they change.
    let held: RoomEvent[] | null = [];
    membership = room.join(who, (event) => {
      if (held) held.push(event);
      else deliver(event);
    });
    clearTimeout(deadline);
    member = { who, role: who.role, room, base };
    const participants = room.participants();
    const you = participants.find((one) => one.id === who.participant);
    outbox.send({
      re,
      you,
      room: room.view(),
      participants,
      iceServers: parts.iceServersFor(who.participant),
      nowMs: Date.now(),
    });
    const early = held;
    held = null;
    for (const event of early) deliver(event);
  }

  function deliver(event: RoomEvent): void {
    outbox.send(event);
    if (event.type !== 'ended') return;
    // The membership ended by itself.
    membership = null;
    socket.close(event.reason === 'shutting-down' ? GOING_AWAY : NORMAL, event.reason);
  }

  function refuse(re: MessageId, { code, title, detail }: RostrumError): void {
    outbox.send({ re, error: { code, title, detail } });
  }

  function asRostrumError(error: unknown): RostrumError {
    if (error instanceof RostrumError) return error;
    log.error({ err: error }, 'a message failed');
    return new RostrumError('internal-error', 'the cause is in the log of the server');
  }
}

function roleOf({ room, who, role }: Member): Member['role'] {
  return room.participants().find((one) => one.id === who.participant)?.role ?? role;
}
