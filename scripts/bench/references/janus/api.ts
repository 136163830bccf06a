import { randomUUID } from 'node:crypto';

/** A session description as Janus exchanges it. */
export interface Jsep {
  type: 'offer' | 'answer';
  sdp: string;
}

interface JanusMessage {
  janus: string;
  transaction?: string;
  data?: { id: number };
  error?: { code: number; reason: string };
  plugindata?: { data: Record<string, unknown> };
  jsep?: Jsep;
}

export interface PluginAnswer {
  data: Record<string, unknown>;
  jsep: Jsep | undefined;
}

/** Its plug-ins that do a job of Rostrum's. */
export type JanusPlugin = 'videoroom' | 'streaming' | 'audiobridge';

/** Janus' HTTP API as far as a benchmark needs it: one session, handles of its plug-ins, a long poll. */
export class JanusSession {
  readonly #url: string;
  readonly #waiting = new Map<
    string,
    { resolve: (answer: PluginAnswer) => void; reject: (error: Error) => void }
  >();
  readonly #ended = new AbortController();
  /** Why no events come any more. */
  #deaf: Error | undefined;

  /** @throws Error when Janus refuses */
  static async open(url: string): Promise<JanusSession> {
    const { data } = await post(url, { janus: 'create' });
    const session = new JanusSession(`${url}/${data!.id}`);
    void session.#poll();
    return session;
  }

  private constructor(url: string) {
    this.#url = url;
  }

  /** A handle: one peer connection, or a place to ask from. */
  async attach(plugin: JanusPlugin): Promise<JanusHandle> {
    const { data } = await post(this.#url, { janus: 'attach', plugin: `janus.plugin.${plugin}` });
    return new JanusHandle(`${this.#url}/${data!.id}`, (transaction) => this.#answerOf(transaction));
  }

  async close(): Promise<void> {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort();
    for (const { reject } of this.#waiting.values()) reject(new Error('the session is closed'));
    await post(this.#url, { janus: 'destroy' }).catch(() => {});
  }

  #answerOf(transaction: string): Promise<PluginAnswer> {
    if (this.#deaf !== undefined) return Promise.reject(this.#deaf);
    return new Promise((resolve, reject) => this.#waiting.set(transaction, { resolve, reject }));
  }

  async #poll(): Promise<void> {
    while (!this.#ended.signal.aborted) {
      try {
        const response = await fetch(`${this.#url}?maxev=10`, { signal: this.#ended.signal });
        const events = (await response.json()) as JanusMessage | JanusMessage[];
        for (const event of Array.isArray(events) ? events : [events]) this.#hear(event);
      } catch (error) {
        if (this.#ended.signal.aborted) return;
        this.#deaf = error as Error;
        for (const { reject } of this.#waiting.values()) reject(this.#deaf);
        return;
      }
    }
  }

  /** @throws Error when Janus has forgotten the session */
  #hear({ transaction, plugindata, jsep, error }: JanusMessage): void {
    if (error) throw refusal(error);
    const waiting = transaction === undefined ? undefined : this.#waiting.get(transaction);
    if (!waiting || !plugindata) return;
    this.#waiting.delete(transaction!);
    const { data } = plugindata;
    if ('error' in data) waiting.reject(new Error(`Janus: ${String(data.error)}`));
    else waiting.resolve({ data, jsep });
  }
}

export class JanusHandle {
  readonly #url: string;
  readonly #answerOf: (transaction: string) => Promise<PluginAnswer>;

  constructor(url: string, answerOf: (transaction: string) => Promise<PluginAnswer>) {
    this.#url = url;
    this.#answerOf = answerOf;
  }

  /**
   * Asks the plug-in. Some requests are answered at once, others by an event.
   * @throws Error when it refuses
   */
  async ask(body: Record<string, unknown>, jsep?: Jsep): Promise<PluginAnswer> {
    const transaction = randomUUID();
    const later = this.#answerOf(transaction);
    // Whoever is answered at once waits for no event.
    later.catch(() => {});
    const now = await post(this.#url, { janus: 'message', transaction, body, ...(jsep && { jsep }) });
    if (now.janus === 'ack') return later;
    const data = now.plugindata?.data ?? {};
    if ('error' in data) throw new Error(`Janus: ${String(data.error)}`);
    return { data, jsep: now.jsep };
  }

  async close(): Promise<void> {
    await post(this.#url, { janus: 'detach' }).catch(() => {});
  }
}

async function post(url: string, message: Record<string, unknown>): Promise<JanusMessage> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ transaction: randomUUID(), ...message }),
  });
  const answer = (await response.json()) as JanusMessage;
  if (answer.error) throw refusal(answer.error);
  return answer;
}

const refusal = ({ reason, code }: NonNullable<JanusMessage['error']>) =>
  new Error(`Janus refuses: ${reason} (${code})`);
