/** Speakers and viewers of Janus, in a process of their own: `fork`ed, called by `JanusPeers`. */

import { answerCalls } from '../../load/calls.ts';
import { type ClipFiles, loadSound, loadVideo } from '../../load/clip.ts';
import { type OwnFigures, OwnMeter } from '../../load/meter.ts';
import { Pace } from '../../load/pace.ts';
import { LoadPublisher } from '../../load/publisher.ts';
import { JanusSession } from './api.ts';
import { JanusViewer } from './janusViewer.ts';
import { createRoom, publishInto } from './room.ts';

export interface StageOrder {
  /** Janus' HTTP address. */
  url: string;
  /** One speaker for each. */
  files: ClipFiles[];
}

export interface PeersFigures extends OwnFigures {
  /** Reached all viewers together. */
  packets: number;
  pictures: number;
  viewers: number;
}

const pace = new Pace();
const meter = new OwnMeter();
const publishers: LoadPublisher[] = [];
const viewers: JanusViewer[] = [];
const feeds: number[] = [];
let session: JanusSession | undefined;
let before = { packets: 0, pictures: 0 };

const counted = () => ({
  packets: viewers.reduce((sum, viewer) => sum + viewer.packets, 0),
  pictures: viewers.reduce((sum, viewer) => sum + viewer.pictures, 0),
});

async function leave(): Promise<void> {
  for (const each of publishers) pace.delete(each);
  await Promise.all([...viewers.splice(0), ...publishers.splice(0)].map((each) => each.close()));
  await session?.close();
}

const calls = {
  /** Opens the room and puts all speakers into it. */
  async stage({ url, files }: StageOrder): Promise<void> {
    session = await JanusSession.open(url);
    await createRoom(session, files[0]!.codec);
    for (const [at, each] of files.entries()) {
      const clip = loadVideo(each);
      const phaseUs = (at * 1e6) / clip.fps / files.length;
      const negotiate = publishInto(session, (feed) => feeds.push(feed));
      const options = { clip, sound: loadSound(each), firstPicture: 0, phaseUs };
      const publisher = await LoadPublisher.open(negotiate, options);
      publishers.push(publisher);
      pace.add(publisher);
    }
  },
  /** Lets viewers come until there are so many. */
  async watch(count: number): Promise<void> {
    while (viewers.length < count) viewers.push(await JanusViewer.join(session!, feeds));
  },
  leave,
  begin(): void {
    before = counted();
    meter.begin();
  },
  end(): PeersFigures {
    const after = counted();
    return {
      ...meter.end(),
      packets: after.packets - before.packets,
      pictures: after.pictures - before.pictures,
      viewers: viewers.length,
    };
  },
};

export type JanusCalls = typeof calls;

answerCalls(calls, async () => {
  await leave();
  pace.close();
});
