/**
 * Runs a benchmark when its file is what was started, not when it is imported. What it throws is said in one
 * sentence, with how it is used, and ends with 2.
 *
 * @param filename `import.meta.filename` of the benchmark
 */
export async function asProgram(filename: string, usage: string, run: () => Promise<void>): Promise<void> {
  if (filename !== process.argv[1]) return;
  try {
    await run();
  } catch (error) {
    console.error((error as Error).message);
    if (usage !== '') console.error(usage);
    process.exitCode = 2;
  }
}
