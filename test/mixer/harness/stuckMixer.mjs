/** The real mixer with one more thread, which never comes out of native code. */
import { Worker } from 'node:worker_threads';

const FOR_EVER = 2 ** 31 - 1;
const thread = new Worker(`require('node:crypto').pbkdf2Sync('', '', ${FOR_EVER}, 64, 'sha512')`, {
  eval: true,
});
await new Promise((resolve) => thread.once('online', resolve));
await import(new URL('../../../dist/mixer/main.js', import.meta.url));
