import { describe, expect, test } from '@jest/globals';
import { createLog } from '../../src/log.ts';
import { readableLine } from '../../src/logLine.ts';
import { plainLine } from '../../src/plainText.ts';

describe('the log', () => {
  test('hides what is secret by its name, at the top and one level down', () => {
    let text = '';
    const write = (line: string) => {
      text += line;
    };
    const log = createLog({ level: 'info', destination: { write } });
    log.info({ token: 't0p', request: { authorization: 'Bearer t0p', offer: 'v=0 t0p' }, room: 'demo' }, 'x');
    expect(text).toMatch('"room":"demo"');
    expect(text).toMatch('[hidden]');
    expect(text).not.toMatch('t0p');
  });

  test('is readable on a terminal, and nobody can forge a line of it', () => {
    const json = JSON.stringify({
      level: 40,
      time: 0,
      msg: 'slow',
      room: 'demo',
      name: 'x\n\u001b[2Jy\u202e"',
    });
    const line = readableLine(json);
    expect(line).toMatch(/^\d\d:\d\d:\d\d warn {2}slow room=demo name=/);
    expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\u202e]/u);
    const failed = readableLine(
      JSON.stringify({ level: 50, time: 0, msg: 'failed', err: { stack: 'Error: x\n at y\u001b' } }),
    );
    expect(failed).toMatch('\nError: x\n at y \n');
  });
});

describe('plain text', () => {
  test.each([
    ['  a \t b\r\n', 'a b'],
    ['\u001b[31mred\u0000', '[31mred'],
    ['\u202Eabc\u2066', 'abc'],
    ['e\u0301 👩‍🚀 שלום', 'é 👩‍🚀 שלום'],
    ['%{x} \'"<b>', '%{x} \'"<b>'],
  ])('%j → %j', (from, to) => expect(plainLine(from)).toBe(to));
});
