/**
 * The real mixer, whose encoders hang inside libav's call with the thirtieth picture: their thread loads
 * `hangingEncoder.mjs` first.
 */
import { createRequire, syncBuiltinESMExports } from 'node:module';

const threads = createRequire(import.meta.url)('node:worker_threads');
const { Worker } = threads;
threads.Worker = class extends Worker {
  constructor(url, options) {
    const isEncoder = String(url).includes('encoderWorker');
    super(isEncoder ? new URL('./hangingEncoder.mjs', import.meta.url) : url, options);
  }
};
syncBuiltinESMExports();
await import(new URL('../../../../dist/mixer/main.js', import.meta.url));
