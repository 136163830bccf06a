/** The page a test drives: speakers and viewers under numbers, reached through `globalThis.studio`. */
import type { StudioVerbs } from '../reports.ts';
import { Speaker } from './speaker.ts';
import { Viewer } from './viewer.ts';

const speakers = new Map<number, Speaker>();
const viewers = new Map<number, Viewer>();
let last = 0;

const viewer = (id: number): Viewer => viewers.get(id)!;

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
  startLook: (id, areas) => viewer(id).startLook(areas),
  look: (id) => viewer(id).look(),
  pixel: (id, x, y) => viewer(id).pixel(x, y),
  tonesDb: (id, frequenciesHz) => viewer(id).tonesDb(frequenciesHz),
  stats: (id) => viewer(id).stats(),
  stopWatching: (id) => viewer(id).leave(),
};

Object.assign(globalThis, { studio });
