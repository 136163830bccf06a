/** What is answered to one request. */
export interface HlsFile {
  bytes: Buffer;
  /** Media type. */
  type: string;
  etag: string;
  /** How long a cache may keep it, in seconds. */
  maxAgeS: number;
  /** It never changes under its name. */
  immutable: boolean;
}

/** A playlist is wanted that holds this (`_HLS_msn` and `_HLS_part`). */
export interface Awaited {
  msn: number;
  part: number | null;
}
