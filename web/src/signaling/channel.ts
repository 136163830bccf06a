import type {
  Answers,
  ClientMessage,
  ClientMessageType,
  PROTOCOL,
  ServerEvent,
} from '../../../src/signaling/messages.ts';
import { Problem, unreachable } from '../media/problem.ts';
import { retryDelayMs } from './backoff.ts';
import { parseFrame } from './frame.ts';

/** A copy, because the message table's schemas would double the page's size; the type keeps it true. */
const SUBPROTOCOL: typeof PROTOCOL = 'rostrum.v1';

const OPEN_TIMEOUT_MS = 5000;
const ANSWER_TIMEOUT_MS = 8000;
/** A server that restarts may not know its rooms at once. */
const FORGET_ROOM_AFTER_MS = 15_000;
const FINAL_CODES = ['unauthorized', 'forbidden', 'no-such-room', 'invalid-request'];

export interface ChannelEvents {
  /** Joined, for the first time or again. */
  joined(answer: Answers['join']): void;
  event(event: ServerEvent): void;
  /** The connection is gone; it is being tried again. */
  lost(attempt: number): void;
  /** The server will not have this token. The channel is closed. */
  refused(problem: Problem): void;
}

export type Outgoing<T extends ClientMessageType> = Omit<Extract<ClientMessage, { type: T }>, 'id' | 'type'>;

interface Pending {
  resolve(answer: unknown): void;
  reject(problem: Problem): void;
  timer: ReturnType<typeof setTimeout>;
}

/**
 * The page's WebSocket: joins with the token, reconnects by itself, answers by promise.
 * - After `close()` nothing is reported any more; closing twice is legal.
 * - What was asked before the connection broke is rejected, never sent twice.
 */
export class Channel {
  readonly #url: string;
  readonly #token: string;
  readonly #events: ChannelEvents;
  readonly #WebSocket: typeof WebSocket;
  readonly #pending = new Map<number, Pending>();
  #socket: WebSocket | null = null;
  #joined = false;
  #everJoined = false;
  #closed = false;
  #attempt = 0;
  #lostAt = 0;
  #nextId = 1;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(url: string, token: string, events: ChannelEvents, socketClass: typeof WebSocket = WebSocket) {
    this.#url = url;
    this.#token = token;
    this.#events = events;
    this.#WebSocket = socketClass;
    this.#connect();
  }

  /** @throws Problem as the server words it, or `unreachable` while there is no connection */
  request<T extends ClientMessageType>(type: T, body: Outgoing<T>): Promise<Answers[T]> {
    if (!this.#joined) return Promise.reject(unreachable());
    return new Promise((resolve, reject) => this.#send(type, body, resolve, reject));
  }

  /** Tries at once instead of waiting for the next attempt. */
  retryNow(): void {
    if (this.#closed || this.#socket) return;
    this.#attempt = 0;
    this.#connect();
  }

  /** Connects anew: for when the connection is suspected to be dead without having said so. */
  renew(): void {
    if (this.#closed) return;
    this.#attempt = 0;
    this.#drop();
    this.#connect();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#joined) this.#socket?.send(JSON.stringify({ type: 'leave' }));
    this.#drop();
  }

  #connect(): void {
    clearTimeout(this.#timer);
    const socket = new this.#WebSocket(this.#url, SUBPROTOCOL);
    this.#socket = socket;
    this.#timer = setTimeout(() => this.#lose(socket), OPEN_TIMEOUT_MS);
    socket.onopen = () => this.#join(socket);
    socket.onclose = () => this.#lose(socket);
    socket.onmessage = ({ data }) => {
      if (socket === this.#socket) this.#receive(String(data));
    };
  }

  #join(socket: WebSocket): void {
    if (socket !== this.#socket) return;
    clearTimeout(this.#timer);
    // Not by promise: an event right behind the answer must find the channel joined.
    this.#send(
      'join',
      { token: this.#token },
      (answer) => {
        this.#joined = true;
        this.#everJoined = true;
        this.#attempt = 0;
        this.#events.joined(answer);
      },
      (problem) => {
        if (socket !== this.#socket) return;
        if (this.#isFinal(problem)) this.#refuse(problem);
        else this.#lose(socket);
      },
    );
  }

  #isFinal({ code }: Problem): boolean {
    const mayReturn = code === 'no-such-room' && this.#everJoined;
    if (mayReturn && performance.now() - this.#lostAt < FORGET_ROOM_AFTER_MS) return false;
    return FINAL_CODES.includes(code);
  }

  #refuse(problem: Problem): void {
    this.#closed = true;
    this.#drop();
    this.#events.refused(problem);
  }

  #lose(socket: WebSocket): void {
    if (socket !== this.#socket) return;
    if (this.#joined) this.#lostAt = performance.now();
    this.#drop();
    if (this.#closed) return;
    const attempt = this.#attempt++;
    this.#timer = setTimeout(() => this.#connect(), retryDelayMs(attempt, Math.random()));
    this.#events.lost(attempt);
  }

  /** Lets go of the socket; what was asked over it gets no answer. */
  #drop(): void {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    this.#joined = false;
    socket?.close();
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(unreachable());
    }
    this.#pending.clear();
  }

  #send<T extends ClientMessageType>(
    type: T,
    body: object,
    resolve: (answer: Answers[T]) => void,
    reject: (problem: Problem) => void,
  ): void {
    const id = this.#nextId++;
    const timer = setTimeout(() => {
      this.#pending.delete(id);
      reject(unreachable());
    }, ANSWER_TIMEOUT_MS);
    this.#pending.set(id, { resolve: resolve as (answer: unknown) => void, reject, timer });
    this.#socket?.send(JSON.stringify({ id, type, ...body }));
  }

  #receive(text: string): void {
    const frame = parseFrame(text);
    if (frame?.is === 'event') this.#events.event(frame.event);
    if (frame?.is !== 'answer' && frame?.is !== 'error') return;
    const pending = this.#pending.get(frame.re);
    if (!pending) return;
    this.#pending.delete(frame.re);
    clearTimeout(pending.timer);
    if (frame.is === 'error') pending.reject(new Problem(frame.error));
    else pending.resolve(frame.answer);
  }
}
