/** The page a test drives: speakers and viewers under numbers, reached through `globalThis.studio`. */
import type { StudioVerbs } from '../reports.ts';
import { ClapWatch } from './clapWatch.ts';
import { Direct } from './direct.ts';
import { HlsViewer } from './hlsViewer.ts';
import { Speaker } from './speaker.ts';
import { Viewer } from './viewer.ts';

const speakers = new Map<number, Speaker>();
const viewers = new Map<number, Viewer>();
const hlsViewers = new Map<number, HlsViewer>();
const clapWatches = new Map<number, { watch: ClapWatch; direct?: Direct }>();
let last = 0;

const viewer = (id: number): Viewer => viewers.get(id)!;
const anyViewer = (id: number): Viewer | HlsViewer => viewers.get(id) ?? hlsViewers.get(id)!;

const studio: StudioVerbs = {
  async speak(order) {
    const speaker = new Speaker(order);
    try {
      await speaker.publish(order);
    } catch (error) {
      speaker.close();
      throw error;
    }
    speakers.set(++last, speaker);
    return last;
  },
  speakerState: (id) => speakers.get(id)!.peer.connectionState,
  speakerAnswer: (id) => speakers.get(id)!.answer,
  speakerStats: (id) => speakers.get(id)!.stats(),
  beepsMade: (id) => speakers.get(id)!.beepsS,
  stopSpeaking: (id) => speakers.get(id)!.leave(),

  async watch(order) {
    const watching = new Viewer(order);
    try {
      const answer = await watching.watch(order);
      viewers.set(++last, watching);
      return { id: last, answer };
    } catch (error) {
      watching.close();
      throw error;
    }
  },
  firstPictureMs: (id) => viewer(id).firstPictureMs(),
  startLook: (id, areas, holes) => anyViewer(id).screen.startLook(areas, holes),
  look: (id) => anyViewer(id).screen.look(),
  pixel: (id, x, y) => anyViewer(id).screen.pixel(x, y),
  tonesDb: (id, frequenciesHz) => anyViewer(id).tonesDb(frequenciesHz),
  beepsHeard: (id) => viewer(id).beepsS(),
  stats: (id) => viewer(id).stats(),
  stopWatching: (id) => anyViewer(id).leave(),

  async watchClaps(id, places) {
    clapWatches.set(++last, { watch: await viewer(id).watchClaps(places) });
    return last;
  },
  async watchDirectly(id, place) {
    const direct = await Direct.open(speakers.get(id)!.tracks);
    clapWatches.set(++last, { watch: await ClapWatch.open(direct.video, direct.sound, [place]), direct });
    return last;
  },
  claps: (id) => clapWatches.get(id)!.watch.claps,
  stopClaps(id) {
    const { watch, direct } = clapWatches.get(id)!;
    watch.close();
    direct?.close();
  },

  async watchHls(url, options) {
    const watching = await HlsViewer.open(url, options);
    hlsViewers.set(++last, watching);
    return last;
  },
  hlsComplaints: (id) => hlsViewers.get(id)!.complaints,
};

Object.assign(globalThis, { studio });
