/** Every built-in layout with 0 to 25 people, as the mixer draws them, on one sheet. */

import { type Canvas, createCanvas, loadImage, type SKRSContext2D } from '@napi-rs/canvas';
import { Compositor } from '../../mixer/video/compositor.ts';
import { allocPlanes } from '../../mixer/video/planes.ts';
import { jpegOf } from '../../mixer/video/snapshot.ts';
import { Composition } from '../../src/live/composition.ts';
import { layoutDocument, layoutNames } from '../../src/rooms/layout/documents.ts';
import type { Occupant } from '../../src/rooms/room.ts';

export const MOST_PEOPLE = 25;

/** What the mixer draws on, and how large that becomes on the sheet. */
const PROGRAM = { width: 640, height: 360 };
const CELL = { width: 176, height: 99 };
const COLUMNS = 13;
const ROWS = Math.ceil((MOST_PEOPLE + 1) / COLUMNS);
const GAP = 8;
const TITLE = 30;
const COUNT = 16;

const colours = { paper: '#ffffff', ink: '#1b1f27', quiet: '#667085', edge: '#6b7690' };

/** Layouts that are for screens are shown with one, shared by the first. */
const withScreen = (layout: string): boolean => layout === 'presentation' || layout === 'pip';

/** Size of the sheet, and where each picture lies on it. */
export function plan() {
  const block = TITLE + ROWS * (CELL.height + COUNT + GAP);
  const width = GAP + COLUMNS * (CELL.width + GAP);
  const cells = layoutNames.flatMap((layout, index) =>
    Array.from({ length: MOST_PEOPLE + 1 }, (_, people) => ({
      ...{ layout, people, ...CELL },
      x: GAP + (people % COLUMNS) * (CELL.width + GAP),
      y: index * block + TITLE + Math.floor(people / COLUMNS) * (CELL.height + COUNT + GAP) + COUNT,
    })),
  );
  return { width, height: layoutNames.length * block + GAP, block, cells };
}

export async function drawSheet(): Promise<Canvas> {
  const { width, height, block, cells } = plan();
  const sheet = createCanvas(width, height);
  const drawing = sheet.getContext('2d');
  drawing.fillStyle = colours.paper;
  drawing.fillRect(0, 0, width, height);
  for (const [index, layout] of layoutNames.entries()) {
    const title = withScreen(layout) ? `${layout}, with a screen` : layout;
    write(drawing, title, { x: GAP, y: index * block + TITLE - 9, size: 17, colour: colours.ink });
  }
  for (const cell of cells) {
    const picture = await loadImage(programOf(cell.layout, cell.people));
    drawing.drawImage(picture, cell.x, cell.y, cell.width, cell.height);
    write(drawing, `${cell.people}`, { x: cell.x, y: cell.y - 4, size: 11, colour: colours.quiet });
  }
  return sheet;
}

/** One program as JPEG. */
function programOf(layout: string, count: number): Buffer {
  const people = Array.from({ length: count }, (_, index) => person(index, 'camera'));
  const occupants = withScreen(layout) && count > 0 ? [...people, person(0, 'screen')] : people;
  const arrangement = new Composition(PROGRAM).arrange({
    layout: layoutDocument(layout)!,
    occupants,
    attention: {},
    transitions: false,
    nowMs: 0,
  });
  const compositor = new Compositor(allocPlanes(PROGRAM));
  // Without pictures one would not see where a tile ends.
  const style = { ...arrangement.style, border: 1 / 90, borderColor: colours.edge };
  compositor.setScene({ ...arrangement, style, slate: { title: 'Nobody is on stage', text: '' } });
  compositor.tick({ nowUs: 0, wallMs: 0 }, { get: () => undefined });
  const jpeg = jpegOf(compositor.canvas);
  compositor.close();
  return jpeg;
}

/** Nobody in particular: a letter. */
function person(index: number, kind: 'camera' | 'screen'): Occupant {
  const name = kind === 'screen' ? 'Screen' : String.fromCharCode('A'.charCodeAt(0) + index);
  const participant = `p${index}`;
  return { participant, kind, role: 'panelist', name, title: '', micOff: false, state: 'off' };
}

function write(
  drawing: SKRSContext2D,
  text: string,
  { x, y, size, colour }: { x: number; y: number; size: number; colour: string },
): void {
  drawing.fillStyle = colour;
  drawing.font = `600 ${size}px "Rostrum Sans", sans-serif`;
  drawing.fillText(text, x, y);
}
