/** The API key and the signing key: those configured, or made at the first start and kept. */

import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigError } from '../config/load.ts';

export interface Secrets {
  apiKey: string;
  /** Signs join tokens. */
  secret: string;
}

const schema = z.object({ apiKey: z.string().min(8), secret: z.string().min(16) });

/**
 * @param folder `ROSTRUM_DATA`; made when it is missing
 * @throws ConfigError when the folder or the file in it cannot be used
 */
export function loadSecrets(folder: string, configured: Partial<Secrets>): Secrets {
  if (configured.apiKey && configured.secret) return { apiKey: configured.apiKey, secret: configured.secret };
  const path = join(folder, 'secrets.json');
  const kept = readKept(path) ?? makeKept(folder, path);
  return { apiKey: configured.apiKey ?? kept.apiKey, secret: configured.secret ?? kept.secret };
}

function readKept(path: string): Secrets | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unusable(path, error);
  }
  try {
    const kept = schema.parse(JSON.parse(text));
    chmodSync(path, 0o600);
    return kept;
  } catch {
    throw new ConfigError(`${path} does not hold the keys it should; remove it and new ones are made.`);
  }
}

function makeKept(folder: string, path: string): Secrets {
  const made = {
    apiKey: randomBytes(24).toString('base64url'),
    secret: randomBytes(32).toString('base64url'),
  };
  try {
    mkdirSync(folder, { recursive: true });
    writePrivately(path, `${JSON.stringify(made, null, 2)}\n`);
    return made;
  } catch (error) {
    throw unusable(path, error);
  }
}

/** Written whole or not at all, and readable by its owner only from its first byte on. */
export function writePrivately(path: string, text: string): void {
  const draft = `${path}.${process.pid}.draft`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, path);
}

const unusable = (path: string, error: unknown): ConfigError =>
  new ConfigError(`${path} cannot be used (${(error as Error).message}); ROSTRUM_DATA names another folder.`);
