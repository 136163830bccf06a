/** From what ffmpeg says to a sentence that tells whose fault it is. */

const known: [RegExp, string][] = [
  [/Connection refused/i, 'the target refuses connections'],
  [/timed out|ETIMEDOUT|Connection setup failure/i, 'the target does not answer'],
  [/BadName|Stream already exists|already publishing/i, 'the target says that the stream is taken already'],
  [/Unauthorized|AccessManager|NetConnection\.Connect\.Rejected|auth/i, 'the target refuses the key'],
  [/BadSecret|passphrase|wrong password/i, 'the target refuses the passphrase'],
  [/Server error: (.{1,120})/i, 'the target answers with an error'],
  [/Connection reset|Broken pipe|Connection was broken|End of file/i, 'the target cut the connection'],
  [/Input\/output error/i, 'the target does not answer, or cut the connection'],
  [/Network is unreachable|No route to host/i, 'there is no way to the target'],
];

/** @param secrets words that must not be shown */
export function complaint(said: string, secrets: readonly string[]): string {
  const line = lastLine(said);
  const sentence = known.find(([pattern]) => pattern.test(said))?.[1] ?? 'sending to the target failed';
  return line === '' ? sentence : `${sentence}: ${masked(line, secrets)}`;
}

/** Whole URLs go, too: they may be written in another way than they were given. */
export function masked(text: string, secrets: readonly string[]): string {
  let shown = text.replace(/\b(rtmps?|srt|https?|tcp|tls):\/\/[^\s'"]+/gi, '$1://…');
  for (const secret of secrets) shown = shown.replaceAll(secret, '…');
  return shown.slice(0, 300);
}

const lastLine = (said: string): string =>
  said
    .split('\n')
    .map((line) => line.replace(/^\[[^\]]*\]\s*/, '').trim())
    .filter((line) => line !== '' && !/^(Last message repeated|Exiting|Conversion failed)/.test(line))
    .at(-1) ?? '';
