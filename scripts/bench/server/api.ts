import type { Role, RoomSpec, RoomView } from '../../../src/live/contract.ts';

/** What a benchmark asks of the server's REST interface. */
export class ServerApi {
  readonly #url: string;
  readonly #apiKey: string;

  constructor(url: string, apiKey: string) {
    this.#url = url;
    this.#apiKey = apiKey;
  }

  createRoom(spec: RoomSpec): Promise<RoomView> {
    return this.#call('POST', '/api/rooms', spec);
  }

  room(id: string): Promise<RoomView> {
    return this.#call('GET', `/api/rooms/${id}`);
  }

  async deleteRoom(id: string): Promise<void> {
    await this.#call('DELETE', `/api/rooms/${id}`);
  }

  async token(room: string, role: Role, name: string): Promise<string> {
    const { token } = await this.#call<{ token: string }>('POST', `/api/rooms/${room}/tokens`, {
      role,
      name,
    });
    return token;
  }

  /** Addresses for offers. */
  whip(room: string): string {
    return `${this.#url}/whip/${room}`;
  }

  whep(room: string): string {
    return `${this.#url}/whep/${room}`;
  }

  async #call<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(this.#url + path, {
      method,
      headers: { Authorization: `Bearer ${this.#apiKey}`, 'Content-Type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 500)}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}
