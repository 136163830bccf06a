import type {
  MediaPatch,
  MediaSpec,
  MediaView,
  OutputSpec,
  OutputView,
  ParticipantView,
  RecordingView,
  Role,
  RoomPatch,
  RoomSpec,
  RoomView,
  SceneElement,
} from '../../src/live/contract.ts';

/** The REST interface as an integrator uses it. */
export class RestClient {
  readonly #url: string;
  readonly #apiKey: string;

  constructor(url: string, apiKey: string) {
    this.#url = url;
    this.#apiKey = apiKey;
  }

  createRoom(spec: RoomSpec = {}): Promise<RoomView> {
    return this.#json('POST', '/api/rooms', spec);
  }

  room(id: string): Promise<RoomView> {
    return this.#json('GET', `/api/rooms/${id}`);
  }

  patchRoom(id: string, patch: RoomPatch): Promise<RoomView> {
    return this.#json('PATCH', `/api/rooms/${id}`, patch);
  }

  setElement(room: string, id: string, element: object): Promise<SceneElement> {
    return this.#json('PUT', `/api/rooms/${room}/elements/${id}`, element);
  }

  async removeElement(room: string, id: string): Promise<void> {
    await this.#call('DELETE', `/api/rooms/${room}/elements/${id}`);
  }

  async upload(room: string, name: string, bytes: Buffer): Promise<void> {
    const path = `/api/rooms/${room}/assets?name=${encodeURIComponent(name)}`;
    const response = await fetch(this.#url + path, {
      method: 'POST',
      headers: { Authorization: `Bearer ${this.#apiKey}` },
      body: new Uint8Array(bytes),
    });
    if (response.status !== 201) throw new Error(`upload: ${response.status} ${await response.text()}`);
  }

  startMedia(room: string, spec: MediaSpec): Promise<MediaView> {
    return this.#json('POST', `/api/rooms/${room}/media`, spec);
  }

  async media(room: string, id: string): Promise<MediaView> {
    const { media } = await this.#json<{ media: MediaView[] }>('GET', `/api/rooms/${room}/media`);
    const found = media.find((each) => each.id === id);
    if (!found) throw new Error(`the room plays nothing called ${id}`);
    return found;
  }

  changeMedia(room: string, id: string, patch: MediaPatch): Promise<MediaView> {
    return this.#json('PATCH', `/api/rooms/${room}/media/${id}`, patch);
  }

  async removeMedia(room: string, id: string): Promise<void> {
    await this.#call('DELETE', `/api/rooms/${room}/media/${id}`);
  }

  async token(room: string, role: Role, name: string): Promise<string> {
    const { token } = await this.#json<{ token: string }>('POST', `/api/rooms/${room}/tokens`, {
      role,
      name,
    });
    return token;
  }

  async participants(room: string): Promise<ParticipantView[]> {
    const path = `/api/rooms/${room}/participants`;
    return (await this.#json<{ participants: ParticipantView[] }>('GET', path)).participants;
  }

  patchParticipant(room: string, id: string, patch: object): Promise<ParticipantView> {
    return this.#json('PATCH', `/api/rooms/${room}/participants/${id}`, patch);
  }

  /** Resolves when the first picture is recorded. */
  record(room: string, format: 'mp4' | 'webm', tracks = false): Promise<RecordingView> {
    return this.#json('POST', `/api/rooms/${room}/recordings`, { format, tracks });
  }

  async recordings(room: string): Promise<RecordingView[]> {
    const path = `/api/rooms/${room}/recordings`;
    return (await this.#json<{ recordings: RecordingView[] }>('GET', path)).recordings;
  }

  changeRecording(id: string, state: 'paused' | 'recording' | 'finished'): Promise<RecordingView> {
    return this.#json('PATCH', `/api/recordings/${id}`, { state });
  }

  /** Sets a mark at this moment. */
  mark(id: string, title?: string): Promise<RecordingView> {
    return this.#json('POST', `/api/recordings/${id}/chapters`, { title });
  }

  async file(recording: string, name: string): Promise<Buffer> {
    const response = await this.#call('GET', `/api/recordings/${recording}/files/${name}`);
    return Buffer.from(await response.arrayBuffer());
  }

  beginOutput(room: string, spec: OutputSpec): Promise<OutputView> {
    return this.#json('POST', `/api/rooms/${room}/outputs`, spec);
  }

  output(room: string, id: string): Promise<OutputView> {
    return this.#json('GET', `/api/rooms/${room}/outputs/${id}`);
  }

  async endOutput(room: string, id: string): Promise<void> {
    await this.#call('DELETE', `/api/rooms/${room}/outputs/${id}`);
  }

  async snapshot(room: string): Promise<Buffer> {
    return Buffer.from(await (await this.#call('GET', `/api/rooms/${room}/snapshot.jpg`)).arrayBuffer());
  }

  async deleteRoom(room: string): Promise<void> {
    await this.#call('DELETE', `/api/rooms/${room}`);
  }

  /** One number out of /metrics: the sum over its series, undefined when there is none. */
  async metric(name: string): Promise<number | undefined> {
    const text = await (await this.#call('GET', '/metrics')).text();
    const lines = text
      .split('\n')
      .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
    if (lines.length === 0) return undefined;
    return lines.reduce(
      (sum, line) =>
        sum +
        Number(
          line
            .slice(line.lastIndexOf('}') + 1)
            .trim()
            .split(' ')
            .at(-1),
        ),
      0,
    );
  }

  async #json<T>(method: string, path: string, body?: object): Promise<T> {
    return (await this.#call(method, path, body)).json() as Promise<T>;
  }

  async #call(method: string, path: string, body?: object): Promise<Response> {
    const response = await fetch(this.#url + path, {
      method,
      headers: { Authorization: `Bearer ${this.#apiKey}`, 'Content-Type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  }
}
