/** Where the program begins: everything else is loaded only when it can be. */
import { descriptorTrouble } from './descriptors.ts';

function refuse(sentence: string): never {
  process.stderr.write(`Rostrum cannot start. ${sentence}\n`);
  process.exit(1);
}

const trouble = descriptorTrouble();
if (trouble !== null) refuse(trouble);
const { failure, runProgram } = await import('./program.ts');
runProgram(process.argv.slice(2)).catch((error: unknown) => refuse(failure(error)));
