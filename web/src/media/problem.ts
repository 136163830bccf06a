/** An error as the server words it (RFC 9457), or as we do when the server could not be asked. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  /** Seconds, when the server named them. */
  readonly retryAfterS: number | null;

  constructor(
    about: { status?: number; code: string; title: string; detail?: string },
    retryAfterS: number | null = null,
  ) {
    super(`${about.title}: ${about.detail ?? ''}`);
    this.status = about.status ?? 0;
    this.code = about.code;
    this.title = about.title;
    this.detail = about.detail ?? '';
    this.retryAfterS = retryAfterS;
  }

  /** Whether asking again with the same link can help. */
  get final(): boolean {
    return this.status >= 400 && this.status < 500 && this.status !== 408 && this.status !== 429;
  }
}

export const unreachable = () =>
  new Problem({
    code: 'unreachable',
    title: 'The server cannot be reached',
    detail: 'Check your connection. This page keeps trying.',
  });

/** Reads a problem+json answer; any other body leaves the status line. */
export async function readProblem(response: Response): Promise<Problem> {
  const seconds = Number.parseInt(response.headers.get('retry-after') ?? '', 10);
  const retryAfterS = Number.isNaN(seconds) ? null : seconds;
  const { status } = response;
  try {
    const body = (await response.json()) as Record<string, unknown>;
    if (typeof body.title === 'string') {
      const detail = typeof body.detail === 'string' ? body.detail : '';
      const code = typeof body.code === 'string' ? body.code : `http-${status}`;
      return new Problem({ status, code, title: body.title, detail }, retryAfterS);
    }
  } catch {
    // Not JSON: a proxy's page, perhaps.
  }
  return new Problem(
    { status, code: `http-${status}`, title: `The server answered ${status}`, detail: response.statusText },
    retryAfterS,
  );
}
