/** Tries what a mixer has no business with, and says how each ended. Arguments: a TCP port, a folder. */
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

const [port, folder] = process.argv.slice(2);

const outcome = (act) => {
  try {
    act();
    return 'done';
  } catch (error) {
    return error.code;
  }
};

const connected = () =>
  new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('connect', () => {
      resolve('done');
      socket.destroy();
    });
    socket.on('error', (error) => resolve(error.code));
  });

const tried = {
  connect: await connected(),
  newFile: outcome(() => writeFileSync(join(folder, 'new'), 'x')),
  oldFile: outcome(() => writeFileSync(join(folder, 'open'), 'x', { flag: 'r+' })),
  readOpen: outcome(() => readFileSync(join(folder, 'open'))),
  readSecret: outcome(() => readFileSync(join(folder, 'secret'))),
  signal: outcome(() => process.kill(process.ppid, 0)),
};
console.log(JSON.stringify(tried));
