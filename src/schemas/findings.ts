import type { z } from 'zod';

/** Findings that one sentence names at most. */
const MOST = 5;

type Issue = z.core.$ZodIssue;

/** zod's findings as one sentence that names each path, as `tiles[3].w`; bounded, since the paths are the caller's. */
export function findingsOf(error: z.ZodError): string {
  return error.issues
    .flatMap((issue) => innermost(issue, []))
    .slice(0, MOST)
    .map(({ path, message }) => {
      const named = pathOf(path);
      return (named ? `${named}: ` : '') + message.slice(0, 200);
    })
    .join('; ');
}

/** Of the alternatives of a union the one that was meant, by its looks, says what is wrong. */
function innermost(issue: Issue, above: PropertyKey[]): { path: PropertyKey[]; message: string }[] {
  const path = [...above, ...issue.path];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{ path, message: issue.message }];
  const [meant] = [...issue.errors].sort((a, b) => strangeness(a) - strangeness(b) || a.length - b.length);
  return meant!.flatMap((one) => innermost(one as Issue, path));
}

/** Another kind of thing altogether, not the right one of its kind, or wrong somewhere inside. */
function strangeness(issues: readonly Pick<Issue, 'path' | 'code'>[]): number {
  const codes = issues.filter(({ path }) => path.length === 0).map(({ code }) => code);
  if (codes.includes('invalid_type')) return 2;
  return codes.includes('invalid_value') ? 1 : 0;
}

function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '')
    .slice(0, 100);
}
