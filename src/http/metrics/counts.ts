/** What the edges count for `/metrics`. */

export interface Counts {
  /** A request was answered. */
  request(method: string, status: number): void;
  socketOpened(): void;
  socketClosed(): void;
  readonly requests: ReadonlyMap<string, number>;
  readonly sockets: number;
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Keys are `METHOD status`; methods nobody uses share one, so that strangers cannot make new ones. */
export function createCounts(): Counts {
  const requests = new Map<string, number>();
  let sockets = 0;
  return {
    requests,
    get sockets() {
      return sockets;
    },
    request(method, status) {
      const key = `${methods.has(method) ? method : 'other'} ${status}`;
      requests.set(key, (requests.get(key) ?? 0) + 1);
    },
    socketOpened() {
      sockets += 1;
    },
    socketClosed() {
      sockets -= 1;
    },
  };
}
