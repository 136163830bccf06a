export interface Negotiated {
  answer: string;
  /** When the offer left, on `performance.now()`. */
  sentMs: number;
  /** Ends the session at the server: the DELETE's status. */
  leave(): Promise<number>;
}

/**
 * Sends an offer by WHIP or WHEP without waiting for candidates and takes the answer.
 *
 * @param via port of a relay that stands between
 */
export async function negotiate(
  peer: RTCPeerConnection,
  endpoint: string,
  token: string,
  via?: number,
): Promise<Negotiated> {
  await peer.setLocalDescription();
  const sentMs = performance.now();
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'Content-Type': 'application/sdp', Authorization: `Bearer ${token}` },
    body: peer.localDescription!.sdp,
  });
  const answer = await response.text();
  if (response.status !== 201) throw new Error(`${endpoint} answered ${response.status}: ${answer}`);
  const location = new URL(response.headers.get('Location')!, endpoint);
  await peer.setRemoteDescription({ type: 'answer', sdp: via === undefined ? answer : relayed(answer, via) });
  const leave = async () => {
    const goodbye = await fetch(location, {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${token}` },
    });
    return goodbye.status;
  };
  return { answer, sentMs, leave };
}

/** The answer with one candidate only: the relay on this machine. */
function relayed(answer: string, port: number): string {
  const candidate = `a=candidate:1 1 udp 2130706431 127.0.0.1 ${port} typ host\r\n`;
  return answer.replaceAll(/a=candidate:.*\r\n/g, '').replaceAll('a=end-of-candidates\r\n', candidate);
}

/** Orders the codecs of a transceiver: `wanted` first and nothing else but what carries them. */
export function preferCodecs(transceiver: RTCRtpTransceiver, wanted: string[]): void {
  const all = RTCRtpReceiver.getCapabilities('video')!.codecs;
  const named = wanted.flatMap((name) =>
    all.filter(({ mimeType }) => mimeType.toLowerCase() === `video/${name}`),
  );
  if (named.length === 0) throw new Error(`this browser has none of ${wanted.join(', ')}`);
  const others = all.filter(({ mimeType }) => /\/rtx$/i.test(mimeType));
  transceiver.setCodecPreferences([...named, ...others]);
}
