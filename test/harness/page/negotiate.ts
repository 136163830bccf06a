export interface Negotiated {
  answer: string;
  /** When the offer left, on `performance.now()`. */
  sentMs: number;
  /** Ends the session at the server: the DELETE's status. */
  leave(): Promise<number>;
}

/** Sends an offer by WHIP or WHEP without waiting for candidates and takes the answer. */
export async function negotiate(
  peer: RTCPeerConnection,
  endpoint: string,
  token: string,
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
  await peer.setRemoteDescription({ type: 'answer', sdp: answer });
  const leave = async () => {
    const goodbye = await fetch(location, {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${token}` },
    });
    return goodbye.status;
  };
  return { answer, sentMs, leave };
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
