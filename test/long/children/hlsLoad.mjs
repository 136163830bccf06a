/**
 * Asks a web server for what HLS players ask for, at a steady rate: playlists and segments, in turn, as
 * they come. Prints what came of it as one line of JSON.
 *
 *     node hlsLoad.mjs <base URL of the stream> <requests per second> <seconds>
 */
import { Agent, get } from 'node:http';

const [base, rate, seconds] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const agent = new Agent({ keepAlive: true, maxSockets: 200 });
const latest = { picture: null, sound: null };
const outcome = { requests: 0, failures: 0, bytes: 0, latenciesMs: [], failed: {} };

function ask(path, done) {
  const startedMs = performance.now();
  const request = get(base + path, { agent }, (response) => {
    const chunks = [];
    response.on('data', (bytes) => {
      outcome.bytes += bytes.length;
      if (path.endsWith('.m3u8')) chunks.push(bytes);
    });
    response.on('end', () => {
      outcome.requests++;
      outcome.latenciesMs.push(performance.now() - startedMs);
      if (response.statusCode !== 200) note(`${response.statusCode}`);
      else done?.(Buffer.concat(chunks).toString());
    });
  });
  request.on('error', (error) => {
    outcome.requests++;
    note(error.code);
  });
}

function note(reason) {
  outcome.failures++;
  outcome.failed[reason] = (outcome.failed[reason] ?? 0) + 1;
}

const playlist = (name) =>
  ask(`${name}.m3u8`, (text) => {
    latest[name] = text
      .split('\n')
      .filter((line) => line.endsWith('.m4s'))
      .at(-1);
  });
const segment = (name) => (latest[name] ? ask(latest[name]) : playlist(name));

const steps = [
  () => playlist('picture'),
  () => playlist('sound'),
  () => segment('picture'),
  () => segment('sound'),
];
const startMs = performance.now();
let asked = 0;
const timer = setInterval(() => {
  const elapsedS = (performance.now() - startMs) / 1000;
  if (elapsedS >= seconds) {
    clearInterval(timer);
    setTimeout(report, 1000);
    return;
  }
  for (; asked < elapsedS * rate; asked++) steps[asked % steps.length]();
}, 5);

function report() {
  const sorted = outcome.latenciesMs.sort((one, other) => one - other);
  const at = (share) => Math.round((sorted[Math.floor(sorted.length * share)] ?? 0) * 10) / 10;
  const { requests, failures, failed, bytes } = outcome;
  console.log(
    JSON.stringify({
      ...{ requestsPerS: requests / seconds, failures, failed, megabytes: bytes / 1e6 },
      ...{ p50Ms: at(0.5), p99Ms: at(0.99) },
    }),
  );
  process.exit(0);
}
