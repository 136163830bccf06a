/** WHIP and WHEP as a client speaks them (RFC 9725, draft-ietf-wish-whep). */

export interface HttpSession {
  answer: string;
  /** Ends the session. What is gone already is no error. */
  leave(): Promise<void>;
}

/**
 * Offers to an endpoint.
 * @throws Error with the server's sentence when it refuses
 */
export async function offerTo(endpoint: string, token: string, offer: string): Promise<HttpSession> {
  const authorization = { Authorization: `Bearer ${token}` };
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { ...authorization, 'Content-Type': 'application/sdp' },
    body: offer,
  });
  const answer = await response.text();
  if (response.status !== 201) throw new Error(`${endpoint}: ${response.status} ${answer.slice(0, 500)}`);
  const location = new URL(response.headers.get('Location') ?? '', endpoint);
  return {
    answer,
    async leave() {
      await fetch(location, { method: 'DELETE', headers: authorization }).catch(() => {});
    },
  };
}
