/**
 * Every setting, in one table: `loadConfig` reads it, `--help` prints it, the README's table is made
 * from it. A setting's flag and environment variable follow from its name: `rtcPorts` is
 * `--rtc-ports` and `ROSTRUM_RTC_PORTS`.
 */

import { iceServers } from './iceServers.ts';
import {
  baseUrl,
  host,
  integer,
  ipv4,
  ladderStep,
  listOf,
  oneOf,
  onOff,
  origin,
  type Parser,
  portRange,
  privateHosts,
  text,
} from './parsers.ts';

export interface Setting<T = unknown> {
  readonly parser: Parser<T>;
  /** Written as a user would write it; null when there is none. */
  readonly default: string | null;
  /** Says the default where it is not a plain value. */
  readonly defaultNote?: string;
  readonly unit?: string;
  readonly meaning: string;
  /** Never shown in an error or a log. */
  readonly secret?: true;
  /** The flag may be given several times. */
  readonly repeatable?: true;
}

interface Extras {
  unit?: string;
  defaultNote?: string;
  secret?: true;
  repeatable?: true;
}

type Required<T> = Setting<T> & { default: string };
type Optional<T> = Setting<T> & { default: null };

const row = <T>(parser: Parser<T>, value: string, meaning: string, extras: Extras = {}): Required<T> => ({
  parser,
  default: value,
  meaning,
  ...extras,
});

const optional = <T>(parser: Parser<T>, meaning: string, extras: Extras = {}): Optional<T> => ({
  parser,
  default: null,
  meaning,
  ...extras,
});

const madeAtFirstStart = { secret: true, defaultNote: 'made at the first start' } as const;
const repeatable = { repeatable: true } as const;

export const settings = {
  port: row(integer(0, 65535), '8080', 'TCP port for HTTP and WebSocket; 0 takes a free one'),
  host: row(host, '0.0.0.0', 'Address to listen on'),
  publicUrl: optional(baseUrl, 'Begins every link', { defaultNote: "the request's host" }),
  tls: row(oneOf('off', 'self'), 'off', '`self` makes and keeps a certificate for this machine'),
  tlsCert: optional(text(1, 4096), 'File with the certificate chain (PEM), for HTTPS'),
  tlsKey: optional(text(1, 4096), 'File with its private key (PEM)'),
  apiKey: optional(text(8, 512), 'Bearer key for `/api`', madeAtFirstStart),
  secret: optional(text(16, 512), 'Key that signs join tokens', madeAtFirstStart),
  demo: optional(onOff, 'Makes room `demo` and its links at start', {
    defaultNote: 'on when no API key was configured',
  }),
  origins: row(listOf(origin), '', "Origins allowed on `/ws` beside the page's own", repeatable),
  publicAddress: row(listOf(ipv4), '', 'Address put into ICE candidates behind NAT (1:1)', repeatable),
  rtcPorts: row(portRange, '40000-49999', 'UDP ports for media'),
  iceServers: row(iceServers, '[]', 'STUN and TURN servers given to browsers'),
  turnSecret: optional(text(8, 512), 'TURN REST secret: makes time-limited TURN credentials', {
    secret: true,
  }),
  turnTtl: row(integer(60, 604_800), '86400', 'Life of those credentials', { unit: 's' }),
  data: row(text(1, 4096), './data', 'Folder for recordings, segments, media and secrets'),
  tokenTtl: row(integer(60, 31_536_000), '86400', 'Life of a join token when none is asked for', {
    unit: 's',
  }),
  maxRooms: row(integer(1, 10_000), '100', 'Rooms at a time'),
  maxStage: row(integer(1, 25), '25', 'People on stage in one room'),
  maxViewers: row(integer(1, 100_000), '1000', 'Viewers of one room'),
  maxLag: row(
    integer(0, 10_000),
    '100',
    'Nobody new is taken in while a thread is later than this for 5 s (99th percentile); 0 for any',
    { unit: 'ms' },
  ),
  maxSkipped: row(
    integer(0, 100),
    '20',
    'Nobody new is taken in while a mixer skips more than this share of its pictures for 5 s; 0 for any',
    { unit: '%' },
  ),
  maxSlots: row(integer(1, 25), '16', 'Speakers sent to one viewer at a time, in rooms that forward'),
  maxSockets: row(integer(1, 1_000_000), '10000', 'WebSockets at a time'),
  connectTimeout: row(integer(1, 120), '15', 'A peer that is not connected by then is closed', { unit: 's' }),
  workers: optional(integer(0, 256), 'Threads that send to viewers; 0 sends from the main thread', {
    defaultNote: 'the processors but one, at least 1',
  }),
  maxCandidates: row(integer(0, 100), '16', 'ICE candidates taken from one peer'),
  maxUplink: row(integer(100, 50_000), '2500', 'Video bit rate asked of a speaker at most', {
    unit: 'kbit/s',
  }),
  senderEconomy: row(onOff, 'on', 'Asks speakers for the size and rate that their tiles need'),
  maxPixels: row(integer(76_800, 33_177_600), '8294400', 'Largest picture taken from a speaker', {
    unit: 'pixels',
  }),
  videoWidth: row(integer(160, 3840), '1280', 'Width of the program', { unit: 'px' }),
  videoHeight: row(integer(90, 2160), '720', 'Height of the program', { unit: 'px' }),
  videoFps: row(integer(1, 60), '30', 'Pictures per second of the program', { unit: '1/s' }),
  videoCodec: row(oneOf('vp8', 'h264'), 'vp8', 'Codec of the program; who cannot take it gets the other'),
  videoKbps: row(integer(100, 50_000), '2000', 'Video bit rate of the program', { unit: 'kbit/s' }),
  videoLadder: row(
    listOf(ladderStep),
    '360:600,180:180',
    'Smaller sizes of the program, encoded while somebody needs them: height and kbit/s',
    repeatable,
  ),
  mixerLinger: row(integer(0, 3600), '30', 'A mixer ends this long after its last participant', {
    unit: 's',
  }),
  mixerJail: row(
    oneOf('auto', 'off'),
    'auto',
    'Starts mixers without network, privileges and files to write, as far as the system allows',
  ),
  mixerSpare: row(onOff, 'on', 'Keeps one mixer process ready, so that a room starts at once'),
  ffmpeg: optional(text(1, 4096), 'The ffmpeg that writes recordings and outputs', {
    defaultNote: "the machine's from release 5 on, else the bundled one",
  }),
  recordingRetention: row(integer(0, 36_500), '0', 'Recordings are removed after this; 0 keeps them', {
    unit: 'days',
  }),
  recordingKeyFrames: row(integer(1, 60), '4', 'A key frame comes at least this often while recording', {
    unit: 's',
  }),
  diskReserve: row(integer(0, 1_000_000), '500', 'With less free disk than this recordings end', {
    unit: 'MB',
  }),
  egressPrivateHosts: row(
    privateHosts,
    'off',
    'Hosts in private networks that outputs may be sent to; `on` allows all but link-local ones',
  ),
  mediaFileSize: row(integer(1, 1_000_000), '2000', 'Largest film or sound that is taken as an upload', {
    unit: 'MB',
  }),
  mediaShelfSize: row(
    integer(1, 10_000_000),
    '20000',
    'All uploads of one room, and all of those for every room',
    { unit: 'MB' },
  ),
  maxUploads: row(integer(1, 1000), '16', 'Uploads at a time'),
  maxRoomUploads: row(integer(1, 1000), '4', 'Uploads at a time into one room'),
  uploadIdle: row(integer(1, 3600), '20', 'An upload that stands still this long is ended', { unit: 's' }),
  uploadMinRate: row(integer(0, 1_000_000), '64', 'A slower upload is ended; 0 takes any', {
    unit: 'kbit/s',
  }),
  uploadFairRate: row(
    integer(0, 1_000_000),
    '1000',
    'An upload slower than this gives way when its place is wanted; 0 never',
    { unit: 'kbit/s' },
  ),
  lostFiles: row(
    integer(1, 2_000_000),
    '3600',
    'Uploads of rooms that an earlier server had are removed when the room is not made anew in this time',
    { unit: 's' },
  ),
  outputSoundKbps: row(integer(32, 320), '128', 'Sound of HLS, RTMP and SRT (AAC)', { unit: 'kbit/s' }),
  shutdownGrace: row(integer(0, 300), '10', 'Time to end everything after SIGTERM', { unit: 's' }),
  logLevel: row(
    oneOf('silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'),
    'info',
    'What is logged',
  ),
} as const;

export type SettingName = keyof typeof settings;

type ValueOf<S> =
  S extends Required<infer T> ? T : S extends { parser: Parser<infer T> } ? T | undefined : never;

/** All settings, parsed. */
export type Settings = { [N in SettingName]: ValueOf<(typeof settings)[N]> };

const words = (name: string): string[] => name.split(/(?=[A-Z])/).map((word) => word.toLowerCase());

export const flagOf = (name: SettingName): string => words(name).join('-');
export const variableOf = (name: SettingName): string => `ROSTRUM_${words(name).join('_').toUpperCase()}`;
export const settingNames = Object.keys(settings) as SettingName[];
