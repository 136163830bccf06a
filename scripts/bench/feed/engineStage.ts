import { Writable } from 'node:stream';
import type { VideoCodec } from '../../../mixer/protocol/control.ts';
import { eachRtp, FrameReader, FrameType } from '../../../mixer/protocol/framing.ts';
import { Engine } from '../../../src/engine/engine.ts';
import { silentLog } from '../../../src/engine/log.ts';
import { MixerPool } from '../../../src/engine/mixerPool.ts';
import { defaultEngineSettings } from '../../../src/engine/settings.ts';
import { Supervisor } from '../../../src/engine/supervisor.ts';
import type { Clips } from '../clips/makeClips.ts';
import { benchScene, program } from '../program.ts';
import { Feeder } from './feeder.ts';
import { announce, stageTracks } from './stage.ts';

const listener = { nack() {}, keyFrameWanted() {}, refused() {}, accepted() {} };

/** The four speakers in a real mixer, by way of the server's own engine. */
export class EngineStage {
  readonly engine: Engine;
  readonly #pool = new MixerPool({ ...defaultEngineSettings, spare: false }, silentLog);
  readonly #feeder: Feeder;

  constructor(clips: Clips, codec: VideoCodec) {
    const supervisor = new Supervisor({ room: 'bench', pool: this.#pool, lingerMs: 1000, log: silentLog });
    const { width, height, fps } = program;
    const heard = { placed() {}, levels() {}, stats() {}, restarted() {} };
    this.engine = new Engine({ canvas: { width, height, fps }, maxPixels: 1920 * 1080 }, supervisor, heard);
    this.engine.scene(benchScene());
    this.engine.demand(true);
    const tracks = stageTracks(clips, codec);
    const numbers = new Map<number, number>();
    for (const fed of tracks) {
      const { type: _type, track, ...spec } = announce(fed);
      numbers.set(track, this.engine.addTrack(spec, listener));
    }
    this.#feeder = new Feeder(this.#channel(numbers), tracks);
    this.#feeder.start();
  }

  async close(): Promise<void> {
    this.#feeder.close();
    await this.engine.close();
    await this.#pool.close();
  }

  /** The feeder writes frames for a mixer; here they go through the engine, under its numbers. */
  #channel(numbers: ReadonlyMap<number, number>): Writable {
    const reader = new FrameReader();
    return new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        reader.push(chunk, (type, payload) => {
          if (type === FrameType.RTP) {
            eachRtp(payload, (track, arrivalUs, packet) =>
              this.engine.rtp(numbers.get(track)!, arrivalUs, packet),
            );
          } else {
            const { type: _type, track, ...report } = JSON.parse(payload.toString());
            this.engine.senderReport({ ...report, track: numbers.get(track)! });
          }
        });
        done();
      },
    });
  }
}
