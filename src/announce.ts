/** What a person reads at the start: where the server is, and the links of room `demo`. */

import { mkdirSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { writePrivately } from './access/secrets.ts';
import type { Config } from './config/load.ts';
import type { Address } from './http/listener.ts';

export type DemoLinks = Record<'host' | 'panelist' | 'viewer', string>;

/** The URL a program on this machine connects to. */
export function localUrl({ host, port }: Address, https: boolean): string {
  const everywhere = host === '0.0.0.0' || host === '::';
  const name = everywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `${https ? 'https' : 'http'}://${name}:${port}`;
}

/** Where browsers find the server; beside this machine's own name only when they may use a camera there. */
export function pageBases(config: Config, { host, port }: Address, https: boolean): string[] {
  if (config.publicUrl) return [config.publicUrl];
  const everywhere = host === '0.0.0.0' || host === '::';
  if (!everywhere) return [localUrl({ host, port }, https)];
  if (!https) return [`http://localhost:${port}`];
  return ['localhost', ...outsideAddresses().slice(0, 3)].map((name) => `https://${name}:${port}`);
}

const outsideAddresses = (): string[] =>
  Object.values(networkInterfaces())
    .flatMap((one) => one ?? [])
    .filter((one) => !one.internal && one.family === 'IPv4')
    .map((one) => one.address);

export interface Announcement {
  config: Config;
  apiKey: string;
  https: boolean;
  /** One set of links per base. */
  demo: DemoLinks[];
}

/** Links and keys are for eyes: they go to a terminal, else into a file that only the owner can read. */
export function announce(announcement: Announcement, terminal: boolean, print: (text: string) => void): void {
  const text = announcementText(announcement);
  if (terminal) print(text);
  if (terminal || announcement.demo.length === 0) return;
  const path = join(announcement.config.data, 'links.txt');
  mkdirSync(announcement.config.data, { recursive: true });
  writePrivately(path, text);
  print(`The links of room demo and the API key are in ${path}\n`);
}

function announcementText({ config, apiKey, https, demo }: Announcement): string {
  const lines: string[] = [];
  if (demo.length > 0) lines.push('', 'Room demo, one link for each person:');
  for (const links of demo) {
    lines.push('', ...Object.entries(links).map(([role, link]) => `  ${role.padEnd(8)}  ${link}`));
  }
  if (config.tls === 'self') {
    lines.push('', 'The certificate is of our own making: browsers warn once, and go on when told to.');
  } else if (!https && !config.publicUrl) {
    lines.push(
      '',
      'On other devices browsers give cameras to https pages only: start with ROSTRUM_TLS=self.',
    );
  }
  if (!config.given.has('apiKey')) lines.push('', `API key: ${apiKey}`);
  return `${lines.join('\n')}\n\n`;
}
