import { Problem } from './problem.ts';
import { type MediaResource, postOffer } from './resource.ts';
import { buildFragment, type GatheredCandidate } from './sdpFragment.ts';
import { restartedAnswer, restartFragment } from './sdpRestart.ts';
import { withStereo } from './sdpStereo.ts';

/** One WHIP or WHEP peer connection, from offer to DELETE. */
export interface Peer {
  readonly connection: RTCPeerConnection;
  /** What the server calls it: the last part of its location. */
  readonly session: string;
  /**
   * Looks for another path in the same session. Resolves when both sides look for it, with false where that
   * cannot be.
   */
  restartIce(signal: AbortSignal): Promise<boolean>;
  /** Tells the server and frees everything. Legal twice. */
  close(): void;
}

export interface PeerOptions {
  endpoint: string;
  token: string;
  iceServers: RTCIceServer[];
  /** Sound in two channels. */
  stereo: boolean;
  /** Adds the transceivers, before the offer is made. */
  prepare(connection: RTCPeerConnection): void;
}

/** Candidates that turn up within this time travel in one PATCH. */
const GATHER_MS = 30;

/**
 * Connects to an endpoint. The offer is posted before any candidate is known; they follow by PATCH
 * (RFC 9725 section 4.3), while the server's come in its answer.
 * Resolves when the answer is set; the connection's own state tells when media flows.
 * @throws Problem
 */
export async function openPeer(options: PeerOptions, cancelled: AbortSignal): Promise<Peer> {
  const connection = new RTCPeerConnection({ iceServers: options.iceServers, bundlePolicy: 'max-bundle' });
  const trickle = trickleOf(connection);
  let resource: MediaResource | null = null;
  const close = () => {
    trickle.stop();
    connection.close();
    resource?.delete();
  };
  try {
    options.prepare(connection);
    await describeLocally(connection, options.stereo);
    resource = await postOffer(options.endpoint, options.token, connection.localDescription!.sdp);
    if (cancelled.aborted) throw new Problem({ code: 'cancelled', title: 'Cancelled' });
    await connection.setRemoteDescription({ type: 'answer', sdp: resource.answer });
    useIceServers(connection, options.iceServers, resource.iceServers);
    trickle.start(resource);
  } catch (error) {
    close();
    throw error instanceof Problem ? error : describe(error);
  }
  const restartIce = (signal: AbortSignal) =>
    restart({ connection, resource, trickle, stereo: options.stereo }, signal).catch(() => false);
  return { connection, session: resource.session, restartIce, close };
}

interface Restarted {
  connection: RTCPeerConnection;
  resource: MediaResource;
  trickle: Trickle;
  stereo: boolean;
}

async function restart(
  { connection, resource, trickle, stereo }: Restarted,
  signal: AbortSignal,
): Promise<boolean> {
  const before = connection.remoteDescription!.sdp;
  // Candidates of the new generation mean nothing to the server before it knows their credentials.
  trickle.hold();
  connection.restartIce();
  await describeLocally(connection, stereo);
  const fragment = await resource.restart(restartFragment(connection.localDescription!.sdp), signal);
  const answer = fragment && restartedAnswer(before, fragment);
  if (!answer || signal.aborted) return false;
  await connection.setRemoteDescription({ type: 'answer', sdp: answer });
  trickle.start(resource);
  return true;
}

async function describeLocally(connection: RTCPeerConnection, stereo: boolean): Promise<void> {
  const offer = await connection.createOffer();
  const sdp = stereo ? withStereo(offer.sdp ?? '') : offer.sdp;
  await connection.setLocalDescription({ type: 'offer', sdp });
}

/** Servers named only in the answer's Link headers count from the next gathering on. */
function useIceServers(connection: RTCPeerConnection, known: RTCIceServer[], linked: RTCIceServer[]): void {
  if (known.length === 0 && linked.length > 0) connection.setConfiguration({ iceServers: linked });
}

function describe(error: unknown): Problem {
  const detail = error instanceof Error ? error.message : String(error);
  return new Problem({ code: 'peer-failed', title: 'The media connection could not be set up', detail });
}

interface Trickle {
  start(session: MediaResource): void;
  /** Keeps what is gathered from now on until the next start. */
  hold(): void;
  stop(): void;
}

/** Gathers candidates from the start and sends them once there is a session to send them to. */
function trickleOf(connection: RTCPeerConnection): Trickle {
  let waiting: GatheredCandidate[] = [];
  let ended = false;
  let sentAny = false;
  let stopped = false;
  let refused = false;
  let resource: MediaResource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sending = Promise.resolve();

  const flush = async () => {
    const batch = waiting;
    waiting = [];
    const end = ended && (sentAny || batch.length > 0);
    if (stopped || refused || !resource || (batch.length === 0 && !end)) return;
    sentAny = true;
    const taken = await resource.trickle(buildFragment(connection.localDescription!.sdp, batch, end));
    if (!taken) refused = true;
  };
  const schedule = () => {
    clearTimeout(timer);
    if (!resource || stopped || refused) return;
    timer = setTimeout(() => {
      // One at a time: each answer may bring a new entity tag. A lost PATCH is survivable, because
      // the server also learns addresses from the checks it receives.
      sending = sending.then(flush).catch(() => {});
    }, GATHER_MS);
  };
  connection.onicecandidate = ({ candidate }) => {
    if (candidate?.candidate) waiting.push({ candidate: candidate.candidate, sdpMid: candidate.sdpMid });
    else ended = true;
    schedule();
  };
  return {
    start(session: MediaResource) {
      resource = session;
      refused = false;
      schedule();
    },
    hold() {
      resource = null;
      clearTimeout(timer);
      waiting = [];
      ended = false;
      sentAny = false;
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      connection.onicecandidate = null;
    },
  };
}
