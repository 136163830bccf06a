/** The server as a value: everything is wired here, `listen()` starts it and `close()` ends all of it. */

import { join } from 'node:path';
import { fromFiles, machineNames, selfSigned, type TlsIdentity } from './access/certificate.ts';
import { createFileLinks } from './access/fileLinks.ts';
import { createIceServers } from './access/iceServers.ts';
import { createBaseOf, joinLink } from './access/links.ts';
import { loadSecrets } from './access/secrets.ts';
import { createTokens } from './access/tokens.ts';
import { type DemoLinks, localUrl, pageBases } from './announce.ts';
import { composeLiveRooms } from './compose.ts';
import { type Config, ConfigError } from './config/load.ts';
import { packageRoot } from './config/packageRoot.ts';
import { createApp } from './http/app.ts';
import { type Address, closeListener, createListener, listen } from './http/listener.ts';
import { createCounts } from './http/metrics/counts.ts';
import type { LiveRooms } from './live/contract.ts';
import { createLog, type Logger } from './log.ts';
import { defaultLimits, type SignalingLimits } from './signaling/parts.ts';
import { createSignaling } from './signaling/server.ts';

export interface RostrumServer {
  /** Starts to answer. @returns where, the port that was taken included. @throws ConfigError */
  listen(): Promise<Address>;
  /** Takes nobody in any more, tells everybody, ends everything; twice is the same as once. */
  close(): Promise<void>;
  /** A link for each role of room `demo`, once per base address; none when there is no demo. */
  demoLinks(): Promise<DemoLinks[]>;
  readonly apiKey: string;
  readonly https: boolean;
  /** Time that `close` gives to the rooms, ms. */
  readonly graceMs: number;
}

/** Parts that a caller brings along instead of the real ones. */
export interface ServerParts {
  log?: Logger;
  rooms?: LiveRooms;
  signalingLimits?: Partial<SignalingLimits>;
  /** Folder of the built page. */
  pageFolder?: string;
}

/** Requests that are still being answered when the rooms have ended get this long, ms. */
const REQUEST_GRACE_MS = 1000;

export async function createServer(config: Config, given: ServerParts = {}): Promise<RostrumServer> {
  const log = given.log ?? createLog({ level: config.logLevel });
  const { apiKey, secret } = loadSecrets(config.data, config);
  const identity = await tlsIdentity(config);
  const https = identity !== null;
  const tokens = createTokens(secret);
  const rooms = given.rooms ?? composeLiveRooms(config, log);
  const graceMs = config.shutdownGrace * 1000;
  let address: Address = { host: config.host, port: config.port };
  let closing: Promise<void> | null = null;

  const shared = {
    rooms,
    tokens,
    log,
    fileLinks: createFileLinks(secret),
    tokenTtlS: config.tokenTtl,
    counts: createCounts(),
    iceServersFor: createIceServers(config.iceServers, turnRest(config)),
    baseOf: createBaseOf(config.publicUrl, () => localUrl(address, https)),
    isDraining: () => closing !== null,
  };
  const pageFolder = given.pageFolder ?? join(packageRoot(), 'web', 'dist');
  const app = createApp({ ...shared, apiKey, pageFolder });
  const limits = { ...defaultLimits, maxSockets: config.maxSockets, ...given.signalingLimits };
  const signaling = createSignaling({ ...shared, origins: config.origins, limits });
  const listener = createListener(identity);
  listener.on('request', app.handle);
  listener.on('upgrade', signaling.upgrade);

  async function start(): Promise<Address> {
    await rooms.open().catch((error: Error) => {
      throw new ConfigError(`ROSTRUM_FFMPEG: ${error.message}`);
    });
    address = await listen(listener, address);
    if (hasDemo(config)) rooms.create({ id: 'demo', title: 'Demo' });
    log.info({ address: localUrl(address, https) }, 'listening');
    return address;
  }

  async function demoLinks(): Promise<DemoLinks[]> {
    if (!hasDemo(config)) return [];
    const issue = (role: keyof DemoLinks, name: string) =>
      tokens.issue({ room: 'demo', role, name, ttlS: config.tokenTtl });
    const made = { host: await issue('host', 'Host'), panelist: await issue('panelist', 'Panelist') };
    const viewer = await issue('viewer', 'Viewer');
    return pageBases(config, address, https).map((base) => ({
      host: joinLink(base, 'demo', made.host),
      panelist: joinLink(base, 'demo', made.panelist),
      viewer: joinLink(base, 'demo', viewer),
    }));
  }

  /** From outside inwards would cut people off before they are told; so the rooms go first. */
  async function end(): Promise<void> {
    log.info('closing');
    await Promise.race([rooms.close(), timeout(graceMs)]);
    await Promise.all([signaling.close(), closeListener(listener, REQUEST_GRACE_MS)]);
    log.info('closed');
  }

  function close(): Promise<void> {
    closing ??= Promise.resolve().then(end);
    return closing;
  }

  return { listen: start, close, demoLinks, apiKey, https, graceMs };
}

/** Unless it was said, a demo is made only where nobody has set the server up for real use. */
const hasDemo = (config: Config): boolean => config.demo ?? !config.given.has('apiKey');

async function tlsIdentity(config: Config): Promise<TlsIdentity | null> {
  if (config.tlsCert && config.tlsKey) return fromFiles(config.tlsCert, config.tlsKey);
  if (config.tls !== 'self') return null;
  const own = config.publicUrl ? [new URL(config.publicUrl).hostname.replace(/[[\]]/g, '')] : [];
  return selfSigned(config.data, machineNames([...config.publicAddress, ...own]));
}

const turnRest = ({ turnSecret, turnTtl }: Config) =>
  turnSecret ? { secret: turnSecret, ttlS: turnTtl } : null;

/** Unref'd, so that it never keeps a finished process waiting. */
const timeout = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
