import { retryDelayMs } from '../signaling/backoff.ts';
import { flowsAgain } from './flowsAgain.ts';
import { FlowWatch } from './flowWatch.ts';
import { openPeer, type Peer, type PeerOptions } from './peer.ts';
import { Problem } from './problem.ts';

export type LinkState = 'idle' | 'connecting' | 'connected' | 'reconnecting' | 'refused';

export interface MediaLinkOptions extends Omit<PeerOptions, 'iceServers'> {
  /** Asked at each attempt: credentials may be short-lived. */
  iceServers(): RTCIceServer[];
  /** A connection on which nothing arrives for this long is replaced, in milliseconds. */
  quietLimitMs: number;
  /** `problem`: why the last attempt failed. After `refused` only `start()` tries again. */
  changed(state: LinkState, problem: Problem | null): void;
  /** A peer has its answer: its tracks exist. */
  opened?(peer: Peer): void;
  /** A peer that had its answer is about to be closed: its last picture can still be kept. */
  closing?(): void;
}

const CONNECT_TIMEOUT_MS = 8000;
/** A new path in the same session has this long to carry something; then a new session is opened. */
const RESTART_LIMIT_MS = 1000;

/**
 * Keeps one peer connected: opens it, watches it, looks for another path when nothing comes any more, and
 * replaces it when there is none. Only a refusal that asking again cannot change ends it.
 */
export class MediaLink {
  readonly #options: MediaLinkOptions;
  #state: LinkState = 'idle';
  #peer: Peer | null = null;
  #watch: FlowWatch | null = null;
  #attempt = 0;
  #wasConnected = false;
  #restarting = false;
  #cancel: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: MediaLinkOptions) {
    this.#options = options;
  }

  get state(): LinkState {
    return this.#state;
  }

  get connection(): RTCPeerConnection | null {
    return this.#peer?.connection ?? null;
  }

  start(): void {
    if (this.#state !== 'idle' && this.#state !== 'refused') return;
    this.#attempt = 0;
    this.#open();
  }

  /** The server is known to be back, or the person asked: tries at once, unless media flows. */
  retryNow(): void {
    if (this.#state === 'idle' || this.#state === 'refused' || this.#restarting) return;
    if (this.#state === 'connected') {
      this.#watch?.doubt();
      return;
    }
    this.#attempt = 0;
    this.#open();
  }

  /** Back to `idle`, to be started again or not. Legal twice. */
  close(): void {
    this.#drop();
    this.#wasConnected = false;
    this.#set('idle', null);
  }

  #open(): void {
    this.#drop();
    const cancel = new AbortController();
    this.#cancel = cancel;
    this.#set(this.#wasConnected || this.#attempt > 0 ? 'reconnecting' : 'connecting', null);
    openPeer({ ...this.#options, iceServers: this.#options.iceServers() }, cancel.signal).then(
      (peer) => (cancel.signal.aborted ? peer.close() : this.#supervise(peer)),
      (problem: Problem) => {
        if (!cancel.signal.aborted) this.#fail(problem);
      },
    );
  }

  #supervise(peer: Peer): void {
    this.#peer = peer;
    const { connection } = peer;
    this.#timer = setTimeout(() => this.#fail(tooSlow()), CONNECT_TIMEOUT_MS);
    connection.onconnectionstatechange = () => this.#follow(connection);
    this.#options.opened?.(peer);
    this.#follow(connection);
  }

  #follow(connection: RTCPeerConnection): void {
    if (this.#restarting) return;
    if (connection.connectionState === 'connected' && this.#state !== 'connected') {
      clearTimeout(this.#timer);
      this.#attempt = 0;
      this.#wasConnected = true;
      this.#isConnected(connection);
    }
    const { connectionState } = connection;
    if (connectionState === 'failed' || connectionState === 'disconnected') void this.#break();
  }

  #isConnected(connection: RTCPeerConnection): void {
    this.#watch ??= new FlowWatch(connection, this.#options.quietLimitMs, () => void this.#break());
    this.#set('connected', null);
  }

  /** Nothing comes any more: the session is kept if there is another path, which costs less than a new one. */
  async #break(): Promise<void> {
    const peer = this.#peer;
    if (!peer || this.#restarting) return;
    if (!this.#wasConnected) return this.#fail(wentQuiet());
    this.#restarting = true;
    this.#watch?.close();
    this.#watch = null;
    this.#set('reconnecting', wentQuiet());
    clearTimeout(this.#timer);
    const limit = AbortSignal.timeout(RESTART_LIMIT_MS);
    const isBack = (await peer.restartIce(limit)) && (await flowsAgain(peer.connection, limit));
    if (peer !== this.#peer) return;
    this.#restarting = false;
    if (isBack) this.#isConnected(peer.connection);
    else this.#fail(wentQuiet());
  }

  #fail(problem: Problem): void {
    this.#drop();
    if (problem.final) {
      this.#set('refused', problem);
      return;
    }
    const delayMs = Math.max(retryDelayMs(this.#attempt, Math.random()), (problem.retryAfterS ?? 0) * 1000);
    // A connection that broke is replaced at once; only attempts that fail are paced.
    const waitMs = this.#attempt === 0 && problem.code === 'went-quiet' ? 0 : delayMs;
    this.#attempt += 1;
    this.#timer = setTimeout(() => this.#open(), waitMs);
    this.#set('reconnecting', problem);
  }

  #drop(): void {
    clearTimeout(this.#timer);
    this.#cancel?.abort();
    this.#cancel = null;
    this.#restarting = false;
    this.#watch?.close();
    this.#watch = null;
    const peer = this.#peer;
    this.#peer = null;
    if (!peer) return;
    this.#options.closing?.();
    peer.close();
  }

  #set(state: LinkState, problem: Problem | null): void {
    if (state === this.#state && problem === null) return;
    this.#state = state;
    this.#options.changed(state, problem);
  }
}

const wentQuiet = () => new Problem({ code: 'went-quiet', title: 'The media connection broke' });

const tooSlow = () =>
  new Problem({
    code: 'no-media-path',
    title: 'No media connection came about',
    detail: 'A firewall may block UDP between you and the server.',
  });
