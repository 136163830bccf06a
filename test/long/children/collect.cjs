/**
 * Loaded into a server by `--require`: with SIGUSR2 all of its threads collect their garbage, so that what
 * is left is what it holds on to. V8 does so by itself when it sees fit.
 */
const v8 = require('node:v8');
const vm = require('node:vm');
const { BroadcastChannel, isMainThread } = require('node:worker_threads');

// Programs that the server starts are none of this one's affair.
if (isMainThread) delete process.env.NODE_OPTIONS;
v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc');
const channel = new BroadcastChannel('collect');
channel.onmessage = () => collect();
channel.unref();
if (isMainThread) {
  process.on('SIGUSR2', () => {
    collect();
    channel.postMessage(null);
  });
}
