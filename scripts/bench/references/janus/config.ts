import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JanusPlugin } from './api.ts';

export interface JanusSettings {
  /** Folder for its configuration, which is made. */
  folder: string;
  httpPort: number;
  /** The only one that is loaded. */
  plugin: JanusPlugin;
  /** UDP ports for media, such as `42000-43999`. */
  mediaPorts: string;
  /** Threads for all peers together; undefined: one for each peer, as Janus is shipped. */
  eventLoops?: number;
}

const plugins = [
  ...['audiobridge', 'duktape', 'echotest', 'lua', 'nosip', 'recordplay', 'sip', 'streaming', 'textroom'],
  ...['videocall', 'videoroom', 'voicemail'],
];
const unusedTransports = ['mqtt', 'nanomsg', 'pfunix', 'rabbitmq', 'websockets'];

const libraries = (names: readonly string[]) => names.map((name) => `libjanus_${name}.so`).join(',');

/**
 * Debian's own settings but for what this names: one plug-in, HTTP on loopback, no file of the system. Media
 * goes over the machine's own address, since Janus refuses loopback; the kernel keeps it inside all the same.
 */
export async function writeConfig(settings: JanusSettings): Promise<void> {
  const { folder, httpPort, plugin, mediaPorts, eventLoops } = settings;
  await mkdir(folder, { recursive: true });
  const loops = eventLoops === undefined ? '' : `event_loops = ${eventLoops}`;
  await writeFile(
    join(folder, 'janus.jcfg'),
    `general: {
  configs_folder = ${JSON.stringify(folder)}
  debug_level = 3
  debug_colors = false
  ${loops}
}
media: { rtp_port_range = "${mediaPorts}" }
plugins: { disable = "${libraries(plugins.filter((name) => name !== plugin))}" }
transports: { disable = "${libraries(unusedTransports)}" }
`,
  );
  await writeFile(
    join(folder, 'janus.transport.http.jcfg'),
    `general: {
  base_path = "/janus"
  http = true
  ip = "127.0.0.1"
  port = ${httpPort}
  https = false
}
admin: { admin_http = false }
`,
  );
  await writeFile(join(folder, `janus.plugin.${plugin}.jcfg`), 'general: {}\n');
}
