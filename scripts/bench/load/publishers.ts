/** The process of all speakers of a load: `fork`ed, called by `PublisherProcess`. */

import { answerCalls } from './calls.ts';
import { type ClipFiles, loadSound, loadVideo, type VideoClip } from './clip.ts';
import { type OwnFigures, OwnMeter } from './meter.ts';
import { Pace } from './pace.ts';
import { LoadPublisher } from './publisher.ts';
import { offerTo } from './whip.ts';

export interface PublishOrder {
  /** The WHIP endpoint, and the join token for it. */
  endpoint: string;
  token: string;
  files: ClipFiles;
  /** See `PublisherOptions`. */
  firstPicture: number;
  phaseUs: number;
}

export interface Published {
  /** When its first picture is due on the wire, µs on the machine's monotonic clock. */
  startUs: number;
  /** Pictures of the clip. */
  pictures: number;
}

export interface PublisherFigures extends OwnFigures {
  publishers: number;
  packets: number;
  /** UDP payload. */
  bytes: number;
  retransmissions: number;
  keyFrameRequests: number;
}

const pace = new Pace();
const meter = new OwnMeter();
const publishers: LoadPublisher[] = [];
const clips = new Map<string, { clip: VideoClip; sound: Buffer[] }>();
let before = sum();

function sum() {
  const counts = publishers.map((each) => ({ ...each.counts, keyFrameRequests: each.keyFrameRequests }));
  const total = (of: (each: (typeof counts)[number]) => number) =>
    counts.reduce((all, each) => all + of(each), 0);
  return {
    packets: total((each) => each.packets),
    bytes: total((each) => each.bytes),
    retransmissions: total((each) => each.retransmissions),
    keyFrameRequests: total((each) => each.keyFrameRequests),
  };
}

function load(files: ClipFiles) {
  let loaded = clips.get(files.steady);
  if (loaded === undefined) {
    loaded = { clip: loadVideo(files), sound: loadSound(files) };
    clips.set(files.steady, loaded);
  }
  return loaded;
}

async function stop(): Promise<void> {
  const leaving = publishers.splice(0);
  for (const each of leaving) pace.delete(each);
  await Promise.all(leaving.map((each) => each.close()));
}

const calls = {
  async publish({ endpoint, token, files, firstPicture, phaseUs }: PublishOrder): Promise<Published> {
    const { clip, sound } = load(files);
    const negotiate = (offer: string) => offerTo(endpoint, token, offer);
    const publisher = await LoadPublisher.open(negotiate, { clip, sound, firstPicture, phaseUs });
    publishers.push(publisher);
    pace.add(publisher);
    return { startUs: publisher.startUs, pictures: clip.steady.length };
  },
  /** All of them leave. */
  stop,
  begin(): void {
    before = sum();
    pace.begin();
    meter.begin();
  },
  end(): PublisherFigures {
    const own = meter.end();
    const after = sum();
    return {
      ...own,
      lagMs: Math.max(own.lagMs, pace.lateMs()),
      publishers: publishers.length,
      packets: after.packets - before.packets,
      bytes: after.bytes - before.bytes,
      retransmissions: after.retransmissions - before.retransmissions,
      keyFrameRequests: after.keyFrameRequests - before.keyFrameRequests,
    };
  },
};

export type PublisherCalls = typeof calls;

answerCalls(calls, async () => {
  await stop();
  pace.close();
});
