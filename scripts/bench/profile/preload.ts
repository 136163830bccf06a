/**
 * Loaded by `--import` before everything else into each thread of a measured server. It connects to the
 * benchmark, and profiles its thread when it is told to; until then it costs nothing.
 */

import childProcess from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { type Profiler, Session } from 'node:inspector';
import { syncBuiltinESMExports } from 'node:module';
import { connect } from 'node:net';
import { isMainThread } from 'node:worker_threads';
import { sharesOf } from './samples.ts';
import { type FromThread, SOCKET_VARIABLE } from './threadMessages.ts';

const SAMPLE_US = 1_000;

/** A benchmark that was killed takes its server with it; mixers and threads end with the server. */
const isServer = isMainThread && process.argv[2] !== 'mixer';

function listen(socketPath: string): void {
  const socket = connect(socketPath);
  const say = (message: FromThread) => socket.write(`${JSON.stringify(message)}\n`);
  // Where no benchmark listens there is nothing to do.
  socket.on('error', () => {});
  socket.on('close', (hadError) => !hadError && isServer && process.kill(process.pid, 'SIGTERM'));
  socket.unref();
  // `/proc/thread-self` is the thread that reads the link: pid/task/tid.
  const tid = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
  say({ type: 'thread', pid: process.pid, tid });
  const profiler = new ThreadProfiler();
  socket.on('data', (bytes: Buffer) => {
    for (const order of bytes.toString().trim().split('\n')) {
      if (order === 'begin') profiler.begin();
      else void profiler.end().then((profile) => say({ type: 'shares', tid, shares: sharesOf(profile) }));
    }
  });
}

class ThreadProfiler {
  #session: Session | undefined;

  begin(): void {
    if (this.#session !== undefined) return;
    this.#session = new Session();
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.setSamplingInterval', { interval: SAMPLE_US });
    this.#session.post('Profiler.start');
  }

  end(): Promise<Profiler.Profile> {
    const session = this.#session;
    this.#session = undefined;
    if (session === undefined) return Promise.reject(new Error('nothing is profiled'));
    return new Promise((resolve, reject) => {
      session.post('Profiler.stop', (error, { profile }) => {
        if (error) reject(error);
        else resolve(profile);
        session.disconnect();
      });
    });
  }
}

/** A mixer inherits no NODE_OPTIONS, on purpose; so it is told on its command line. */
function followMixers(): void {
  const { spawn } = childProcess;
  const spawned = (command: string, args: readonly string[] = [], ...rest: object[]) => {
    const isOurs = command === process.execPath && args[1] === 'mixer';
    const all = isOurs ? ['--import', import.meta.url, ...args] : args;
    return (spawn as (...all: unknown[]) => ReturnType<typeof spawn>)(command, all, ...rest);
  };
  childProcess.spawn = spawned as typeof spawn;
  syncBuiltinESMExports();
}

const path = process.env[SOCKET_VARIABLE];
if (path !== undefined) listen(path);
if (isMainThread) followMixers();
