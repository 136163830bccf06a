/** Every error a user can meet, in one place: its code, HTTP status and title. */
export const catalogue = {
  'invalid-request': [422, 'The request is not valid'],
  'bad-request': [400, 'The request makes no sense'],
  'malformed-json': [400, 'The body is not JSON'],
  unauthorized: [401, 'Not authorised'],
  forbidden: [403, 'Not allowed'],
  'no-such-room': [404, 'No such room'],
  'no-such-participant': [404, 'No such participant'],
  'no-such-session': [404, 'No such media session'],
  'no-such-recording': [404, 'No such recording'],
  'no-such-output': [404, 'No such output'],
  'no-such-element': [404, 'No such element'],
  'no-such-file': [404, 'No such file'],
  'no-such-media': [404, 'No such media source'],
  'not-found': [404, 'Not found'],
  'method-not-allowed': [405, 'Method not allowed'],
  'room-exists': [409, 'The room exists already'],
  'recording-exists': [409, 'A recording of this kind runs already'],
  'recording-over': [409, 'The recording is over'],
  'output-exists': [409, 'The output exists already'],
  'too-many-outputs': [409, 'The room has too many outputs'],
  'too-many-elements': [409, 'The room has too many elements'],
  'too-many-media': [409, 'The room plays too many files'],
  'file-exists': [409, 'There is a file of this name already'],
  'too-slow': [408, 'The upload is too slow'],
  'precondition-failed': [412, 'The entity tag is not the current one'],
  'too-large': [413, 'The body is too large'],
  'unsupported-type': [415, 'Unsupported content type'],
  'range-refused': [416, 'The range is not within the file'],
  'sdp-malformed': [400, 'The body is not SDP'],
  'sdp-refused': [422, 'The offer cannot be accepted'],
  'file-refused': [422, 'The file cannot be used'],
  'url-refused': [422, 'The URL cannot be used'],
  'precondition-required': [428, 'An If-Match header is needed'],
  'too-many-uploads': [429, 'Too many uploads at a time'],
  'internal-error': [500, 'Internal error'],
  full: [503, 'The server is full'],
  'cannot-mix': [503, 'The mixer does not run'],
  'cannot-record': [503, 'Recording is not possible'],
  'cannot-output': [503, 'The server has no ffmpeg that can do this'],
  'shutting-down': [503, 'The server is shutting down'],
  'disk-full': [507, 'There is no space left'],
} as const satisfies Record<string, readonly [number, string]>;

export type ErrorCode = keyof typeof catalogue;

/** An error that is the caller's to read: `detail` names the cause and the remedy. */
export class RostrumError extends Error {
  readonly code: ErrorCode;
  readonly detail: string;
  /** Seconds after which it is worth trying again. */
  readonly retryAfterS: number | undefined;

  constructor(code: ErrorCode, detail: string, retryAfterS?: number) {
    super(`${code}: ${detail}`);
    this.code = code;
    this.detail = detail;
    this.retryAfterS = retryAfterS;
  }

  get status(): number {
    return catalogue[this.code][0];
  }

  get title(): string {
    return catalogue[this.code][1];
  }
}
