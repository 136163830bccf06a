/**
 * Sending to one WebSocket. A client that does not read is cut off: what is kept for it is bounded.
 * Events go to many; each is turned into text once.
 */

import type { WebSocket } from 'ws';

/** More than this unsent and the client is not reading, bytes. */
export const MAX_UNSENT_BYTES = 1024 * 1024;

const texts = new WeakMap<object, string>();

function textOf(message: object): string {
  let text = texts.get(message);
  if (text === undefined) {
    text = JSON.stringify(message);
    texts.set(message, text);
  }
  return text;
}

export interface Outbox {
  send(message: object): void;
}

/** @param onStuck called once, when the client turned out not to read */
export function createOutbox(socket: WebSocket, onStuck: () => void): Outbox {
  let stuck = false;
  return {
    send(message) {
      if (stuck || socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > MAX_UNSENT_BYTES) {
        stuck = true;
        onStuck();
        return;
      }
      socket.send(textOf(message));
    },
  };
}
