/** A process of viewers of a load: `fork`ed, called by `ViewerProcess`. */

import type { VideoCodec } from '../../../mixer/protocol/control.ts';
import { answerCalls } from './calls.ts';
import { Decoding } from './decoding.ts';
import { GlassSampler, type Place, type SpeakerClock } from './glass.ts';
import type { StreamCounts } from './incoming.ts';
import { type OwnFigures, OwnMeter } from './meter.ts';
import { Recording } from './recording.ts';
import { LoadViewer } from './viewer.ts';
import { offerTo } from './whip.ts';

export interface WatchOrder {
  /** The WHEP endpoint, and the join token for it. */
  endpoint: string;
  token: string;
  /** Pairs of sound and pictures it offers to receive. */
  pairs: number;
  codecs: VideoCodec[];
  /** Given, this viewer decrypts, puts together, decodes and keeps what it receives. */
  look?: {
    places: Place[];
    speakers: SpeakerClock[];
    /** Streams of pictures that are decoded. */
    streams: number;
  };
}

export interface ViewerFigures extends OwnFigures {
  viewers: number;
  /** Over all of them. */
  packets: number;
  bytes: number;
  lost: number;
  pictures: number;
  freezes: number;
  videoStreams: number;
  /** Age of each new picture that was looked at, ms. */
  agesMs: number[];
  /** Pictures of speakers whose number could not be read. */
  unreadable: number;
}

const meter = new OwnMeter();
const viewers: LoadViewer[] = [];
/** Of the viewer that looks; there is one at most. */
let glass: GlassSampler | undefined;
let recording: Recording | undefined;
let decoding: Decoding | undefined;

async function leave(): Promise<void> {
  const leaving = viewers.splice(0);
  await Promise.all(leaving.map((each) => each.close()));
  decoding?.close();
  decoding = undefined;
  glass = undefined;
}

function total(of: (counts: StreamCounts) => number, from: StreamCounts[]): number {
  return from.reduce((all, each) => all + of(each), 0);
}

const calls = {
  /** Joins. Resolves when every picture stream has begun: with how long that took, ms. */
  async watch({ endpoint, token, pairs, codecs, look }: WatchOrder): Promise<number> {
    const negotiate = (offer: string) => offerTo(endpoint, token, offer);
    let own: LoadViewer | undefined;
    if (look !== undefined) {
      decoding?.close();
      glass = new GlassSampler(look.places, look.speakers);
      recording = new Recording();
      decoding = new Decoding(look.streams, glass, recording, (section) => own?.requestKeyFrame(section));
    }
    const looking = look === undefined ? undefined : decoding;
    const { viewer, joinMs } = await LoadViewer.join(negotiate, {
      pairs,
      codecs,
      ...(looking && { each: (section, packet, arrivalUs) => looking.push(section, packet, arrivalUs) }),
    });
    own = viewer;
    viewers.push(viewer);
    return joinMs;
  },
  /** All of them leave. */
  leave,
  /** The one that came first leaves. */
  async leaveFirst(): Promise<void> {
    await viewers.shift()?.close();
  },
  begin(): void {
    for (const viewer of viewers) viewer.begin();
    glass?.begin();
    meter.begin();
  },
  end(): ViewerFigures {
    const own = meter.end();
    const all = viewers.flatMap((viewer) => viewer.counts);
    const videos = viewers.flatMap((viewer) => viewer.videoCounts);
    return {
      ...own,
      viewers: viewers.length,
      packets: total((each) => each.packets, all),
      bytes: total((each) => each.bytes, all),
      lost: total((each) => each.lost, all),
      pictures: total((each) => each.pictures, videos),
      freezes: total((each) => each.freezes, videos),
      videoStreams: videos.length,
      agesMs: glass?.agesMs ?? [],
      unreadable: glass?.unreadable ?? 0,
    };
  },
  /** Writes what the looking viewer has received since it joined. @returns how many frames those are */
  keep(file: string): number {
    recording?.write(file);
    return recording?.frames.length ?? 0;
  },
};

export type ViewerCalls = typeof calls;

answerCalls(calls, leave);
