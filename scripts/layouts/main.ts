import { writeFileSync } from 'node:fs';
import { drawSheet } from './sheet.ts';

const [, , path = 'docs/layouts.png'] = process.argv;
writeFileSync(path, (await drawSheet()).toBuffer('image/png'));
console.log(`Drawn: ${path}`);
