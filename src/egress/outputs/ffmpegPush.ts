import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { type FfmpegOrder, FfmpegRun } from '../ffmpeg/run.ts';
import { MatroskaWriter, type MediaPacket } from '../matroska/writer.ts';
import { Timeline } from '../recording/timeline.ts';
import { complaint } from './complaint.ts';
import type { ChunkTap } from './feed.ts';
import type { Push, PushParts } from './push.ts';
import { secretsOf } from './target.ts';

/** From the start until the target takes the first picture. */
const START_MS = 20_000;
/** This much waits at a target that takes less than we send; then it is cut off. */
const LONGEST_WAIT_S = 8;
const STOP_MS = 1_000;

export interface FfmpegTarget {
  url: string;
  /** Of the muxer and the protocol. */
  options: string[];
  /** What is known of the connection beside what ffmpeg says; null when nothing is. */
  problem(): string | null;
  close(): void;
}

/** Sends a program by an ffmpeg of its own: pictures as they are, sound as AAC. */
export class FfmpegPush implements Push {
  readonly ended: Promise<string>;
  readonly #parts: PushParts;
  readonly #target: FfmpegTarget;
  readonly #run: FfmpegRun;
  readonly #taps: ChunkTap[];
  readonly #timeline = new Timeline(0);
  readonly #writer: MatroskaWriter;
  readonly #maxWaitingBytes: number;
  readonly #starting: NodeJS.Timeout;
  #isRunning = false;
  /** Why we ended it ourselves. */
  #ownReason: string | null = null;

  constructor(ffmpeg: Ffmpeg, target: FfmpegTarget, parts: PushParts) {
    this.#parts = parts;
    this.#target = target;
    const { feed } = parts;
    const { width, height, fps } = feed;
    this.#writer = new MatroskaWriter({ video: { codec: 'h264', width, height, fps }, audio: true });
    this.#maxWaitingBytes = ((feed.kbps + parts.soundKbps) * 1000 * LONGEST_WAIT_S) / 8;
    this.#run = new FfmpegRun(ffmpeg, this.#order());
    this.#taps = [
      feed.video((chunk) => this.#write(this.#timeline.pushVideo(chunk))),
      feed.audio((chunk) => this.#write(this.#timeline.pushAudio(chunk))),
    ];
    this.#taps[0]!.keyFrame();
    this.#run.stdout?.on('data', (text: Buffer) => this.#progress(text.toString('latin1')));
    this.#starting = setTimeout(() => this.#cut('the target does not answer'), START_MS);
    this.#starting.unref();
    this.ended = this.#run.ended.then(({ said }) => this.#end(said));
  }

  get pid(): number | undefined {
    return this.#run.pid;
  }

  stop(): void {
    this.#ownReason ??= '';
    this.#release();
    void this.#run.finish(STOP_MS);
  }

  #order(): FfmpegOrder {
    const { label, soundKbps } = this.#parts;
    const { url, options } = this.#target;
    return {
      label,
      inputs: [
        {
          source: 'pipe:0',
          options: [
            ...['-protocol_whitelist', 'pipe', '-f', 'matroska'],
            ...['-probesize', '32', '-analyzeduration', '0'],
          ],
        },
      ],
      outputs: [
        {
          target: url,
          options: [
            ...['-map', '0', '-c:v', 'copy', '-c:a', 'aac', '-b:a', `${soundKbps}k`, '-ar', '48000'],
            ...['-flush_packets', '1', '-progress', 'pipe:1', ...options],
          ],
        },
      ],
      stdout: true,
    };
  }

  #write(packets: readonly MediaPacket[]): void {
    for (const packet of packets) for (const bytes of this.#writer.write(packet)) this.#run.write(bytes);
    if (this.#run.waitingBytes > this.#maxWaitingBytes) this.#cut('the target takes less than is sent');
  }

  /** Only after its connection is made does ffmpeg count pictures. */
  #progress(text: string): void {
    if (this.#isRunning || !/^frame=\s*[1-9]/m.test(text)) return;
    this.#isRunning = true;
    clearTimeout(this.#starting);
    this.#parts.running();
  }

  #cut(reason: string): void {
    this.#ownReason ??= reason;
    this.#release();
    this.#run.kill();
  }

  #release(): void {
    clearTimeout(this.#starting);
    for (const tap of this.#taps) tap.close();
  }

  #end(said: string): string {
    const problem = this.#target.problem();
    this.#release();
    this.#target.close();
    const { target, token } = this.#parts;
    const secrets = [...secretsOf(target), ...(token ? [token] : [])];
    return this.#ownReason ?? problemWith(problem, said, secrets);
  }
}

/** What the target said in its protocol tells more than that it closed the connection. */
function problemWith(problem: string | null, said: string, secrets: string[]): string {
  if (problem !== null && !/Server error|BadName|Unauthorized/i.test(said)) return problem;
  return complaint(said, secrets);
}
