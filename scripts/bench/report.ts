/**
 * `npm run bench -- report`: table, page, charts and docs anew from a kept result, without measuring.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { asProgram } from './asProgram.ts';
import { keptReport, readResult, writeDocs, writeReport, writeSchema } from './report/files.ts';
import { terminalText } from './report/table.ts';

/** The project's folder, from dist/scripts/bench/. */
const root = join(import.meta.dirname, '../../..');
const usage = 'npm run bench -- report [--json docs/reports/bench.json] [--html file]';

await asProgram(import.meta.filename, usage, async () => {
  const { values } = parseArgs({ options: { json: { type: 'string' }, html: { type: 'string' } } });
  // Only the kept report stands in the documents.
  const isKept = values.json === undefined;
  const json = values.json ?? join(root, keptReport);
  // First, since a result of another form cannot be read.
  if (isKept) await writeSchema(root);
  const report = await writeReport(await readResult(json), { json, html: values.html });
  if (isKept) await writeDocs(report, root);
  console.log(terminalText(report));
});
