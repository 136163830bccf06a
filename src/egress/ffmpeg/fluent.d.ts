/** The part of fluent-ffmpeg that `run.ts` uses; the package brings no types. */
declare module 'fluent-ffmpeg' {
  import type { ChildProcess, SpawnOptions } from 'node:child_process';

  interface Lines {
    get(): string;
    callback(each: (line: string) => void): void;
  }

  interface Command {
    input(source: string): Command;
    inputOptions(...options: string[]): Command;
    output(target: string): Command;
    outputOptions(...options: string[]): Command;
    _getArguments(): string[];
    _getFfmpegPath(callback: (error: null, path: string) => void): void;
    _spawnFfmpeg(
      args: string[],
      options: SpawnOptions & { captureStdout?: boolean; stdoutLines?: number },
      started: (child: ChildProcess, stdout: Lines, stderr: Lines) => void,
      ended: (error: Error | null | undefined, stdout?: Lines, stderr?: Lines) => void,
    ): void;
  }

  export default function ffmpeg(options?: { stdoutLines?: number }): Command;
}
