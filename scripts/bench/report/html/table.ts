import { escaped } from '../charts/render.ts';
import type { Table } from '../rows.ts';

/** A table that scrolls by itself where the page is too narrow for it. */
export function htmlTable({ title, columns, rows }: Table): string {
  const isText = columns.map((_, column) => rows.some((row) => /^[a-z]/i.test(row[column]!)));
  const cell = (name: string, column: number, text: string, scope = '') =>
    `<${name}${scope}${isText[column] ? ' class="text"' : ''}>${escaped(text)}</${name}>`;
  const head = columns.map((text, column) => cell('th', column, text, ' scope="col"')).join('');
  const body = rows.map((row) => {
    const cells = row.map((text, column) =>
      column === 0 ? cell('th', 0, text, ' scope="row"') : cell('td', column, text),
    );
    return `<tr>${cells.join('')}</tr>`;
  });
  return (
    `<div class="scroll" tabindex="0" role="region" aria-label="${escaped(title)}"><table>` +
    `<caption>${escaped(title)}</caption><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`
  );
}

/** A table that is opened on request. */
export function folded(tables: readonly Table[]): string {
  const shown = tables.filter(({ rows }) => rows.length > 0);
  if (shown.length === 0) return '';
  return `<details><summary>The numbers as a table</summary>${shown.map(htmlTable).join('')}</details>`;
}
