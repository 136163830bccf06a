/** A JSON log line as a person at a terminal wants to read it. */

const levels: Record<number, string> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

/** Values stay JSON, so that nobody's name can move the cursor or forge a line. */
export function readableLine(json: string): string {
  const { level, time, msg, err, ...rest } = JSON.parse(json);
  const at = new Date(time).toTimeString().slice(0, 8);
  const fields = Object.entries(rest).map(([name, value]) => `${name}=${plain(value)}`);
  const stack = err?.stack ? `\n${String(err.stack).replace(/[^\P{Cc}\n]/gu, ' ')}` : '';
  return `${[at, (levels[level] ?? String(level)).padEnd(5), plain(msg ?? ''), ...fields].join(' ')}${stack}\n`;
}

function plain(value: unknown): string {
  const json = JSON.stringify(value) ?? '';
  const bare = typeof value === 'string' && /^[\p{L}\p{N} .,:;/()_@+%-]*$/u.test(value);
  return bare ? value : json.replace(/[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, ' ');
}
