/** A delivery thread: one delivery, told everything by messages. Started by `thread.ts`. */

import { parentPort, workerData } from 'node:worker_threads';
import { createDelivery } from '../delivery.ts';
import { localCertificate } from '../dtls/certificate.ts';
import { LoopLag } from './loopLag.ts';
import type { FromShard, ShardData, ToShard } from './protocol.ts';

const REPORT_MS = 1_000;

const port = parentPort!;
const { settings, progress } = workerData as ShardData;
const taken = new Int32Array(progress);
const lag = new LoopLag();
const say = (message: FromShard) => port.postMessage(message);
const delivery = createDelivery(settings, say);
const reporting = setInterval(() => say({ type: 'load', lag: lag.histogram }), REPORT_MS);

port.on('message', (message: ToShard) => {
  if (message.type === 'end') void end();
  else {
    delivery.post(message);
    if (message.type === 'media') Atomics.add(taken, 0, 1);
  }
});

async function end(): Promise<void> {
  clearInterval(reporting);
  lag.close();
  await delivery.close();
  port.close();
}

// The first viewer must not wait for a key pair to be made.
void localCertificate().then(() => say({ type: 'ready' }));
