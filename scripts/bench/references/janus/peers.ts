/** Speakers and viewers of Janus, in a process of their own: `fork`ed, called by `JanusPeers`. */

import { answerCalls } from '../../load/calls.ts';
import { type ClipFiles, loadSound, loadVideo } from '../../load/clip.ts';
import { type OwnFigures, OwnMeter } from '../../load/meter.ts';
import { Pace } from '../../load/pace.ts';
import { LoadPublisher } from '../../load/publisher.ts';
import { JanusSession } from './api.ts';
import { JanusViewer } from './janusViewer.ts';
import { createMountpoint, watchMountpoint } from './mountpoint.ts';
import { MountpointFeed } from './mountpointFeed.ts';
import { createRoom, publishInto, type Subscription, subscribe } from './room.ts';

export interface StageOrder {
  /** Janus' HTTP address. */
  url: string;
  plugin: 'videoroom' | 'streaming';
  /** One speaker for each; `streaming` has one mountpoint, fed with the first. */
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
let session: JanusSession | undefined;
let mountpoint: MountpointFeed | undefined;
let subscription: () => Promise<Subscription> = () => Promise.reject(new Error('there is no stage'));
let before = { packets: 0, pictures: 0 };

const counted = () => ({
  packets: viewers.reduce((sum, viewer) => sum + viewer.packets, 0),
  pictures: viewers.reduce((sum, viewer) => sum + viewer.pictures, 0),
});

/** Speakers in a video room. */
async function fillRoom(files: ClipFiles[]): Promise<void> {
  const feeds: number[] = [];
  await createRoom(session!, files[0]!.codec);
  for (const [at, each] of files.entries()) {
    const clip = loadVideo(each);
    const phaseUs = (at * 1e6) / clip.fps / files.length;
    const negotiate = publishInto(session!, (feed) => feeds.push(feed));
    const options = { clip, sound: loadSound(each), firstPicture: 0, phaseUs };
    const publisher = await LoadPublisher.open(negotiate, options);
    publishers.push(publisher);
    pace.add(publisher);
  }
  subscription = () => subscribe(session!, feeds);
}

/** One picture and one sound, as a program has them, by plain RTP. */
async function feedMountpoint(files: ClipFiles): Promise<void> {
  const ports = await createMountpoint(session!, files.codec);
  mountpoint = await MountpointFeed.open(ports, { clip: loadVideo(files), sound: loadSound(files) });
  pace.add(mountpoint);
  subscription = () => watchMountpoint(session!);
}

async function leave(): Promise<void> {
  if (mountpoint) pace.delete(mountpoint);
  mountpoint?.close();
  for (const each of publishers) pace.delete(each);
  await Promise.all([...viewers.splice(0), ...publishers.splice(0)].map((each) => each.close()));
  await session?.close();
}

const calls = {
  /** Makes what there is to watch. */
  async stage({ url, plugin, files }: StageOrder): Promise<void> {
    session = await JanusSession.open(url);
    if (plugin === 'videoroom') await fillRoom(files);
    else await feedMountpoint(files[0]!);
  },
  /** Lets viewers come until there are so many. */
  async watch(count: number): Promise<void> {
    while (viewers.length < count) viewers.push(await JanusViewer.join(subscription));
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
