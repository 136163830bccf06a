import { Problem, unreachable } from './problem.ts';

/**
 * Sends a file, and says how much of it is there. `fetch` says nothing of what was sent.
 * @param progress 0..1
 * @throws Problem as the server words it, or `cancelled`
 */
export function upload(
  url: string,
  file: Blob,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', url);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? loaded / total : 0);
    request.onload = () => (request.status === 201 ? resolve() : reject(problemOf(request)));
    request.onerror = () => reject(unreachable());
    request.onabort = () => reject(new Problem({ code: 'cancelled', title: 'Cancelled' }));
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}

function problemOf(request: XMLHttpRequest): Problem {
  const { status, responseText } = request;
  const seconds = Number.parseInt(request.getResponseHeader('retry-after') ?? '', 10);
  try {
    const { code, title, detail } = JSON.parse(responseText);
    const about = { status, code: String(code), title, detail };
    if (typeof title === 'string') return new Problem(about, Number.isNaN(seconds) ? null : seconds);
  } catch {
    // Not JSON: a proxy's page, perhaps.
  }
  return new Problem({ status, code: `http-${status}`, title: `The server answered ${status}` });
}

const ALLOWED = /[^A-Za-z0-9 ._()-]+/g;

/** A name the server takes: letters, digits, blanks and `._()-`, with the ending it had. */
export function uploadName(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '');
  const dot = plain.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [plain.slice(0, dot), plain.slice(dot + 1)] : [plain, ''];
  const clean = (text: string) => text.replace(ALLOWED, '-').replace(/\.{2,}/g, '.');
  const kept =
    clean(stem)
      .replace(/^[^A-Za-z0-9]+/, '')
      .slice(0, 100)
      .replace(/[ .]+$/, '') || 'file';
  return ending ? `${kept}.${clean(ending).toLowerCase()}` : kept;
}
