import { WebSocket } from 'ws';

export interface Notice {
  code: string;
  detail: string;
}

/** What somebody is told over the WebSocket, as their page would hear it. */
export class Notices {
  readonly all: Notice[] = [];
  readonly #socket: WebSocket;

  /** @throws Error when the server lets them not join */
  static async join(url: string, token: string): Promise<Notices> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, 'rostrum.v1');
    const notices = new Notices(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('open', () => socket.send(JSON.stringify({ id: 1, type: 'join', token })));
      socket.on('message', (bytes) => {
        const { re, error } = JSON.parse(String(bytes)) as { re?: number; error?: Notice };
        if (re === 1) error ? reject(new Error(error.detail)) : resolve();
      });
    });
    return notices;
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (bytes) => {
      const message = JSON.parse(String(bytes)) as { type: string } & Notice;
      if (message.type === 'notice') this.all.push({ code: message.code, detail: message.detail });
    });
  }

  close(): void {
    this.#socket.close();
  }
}
