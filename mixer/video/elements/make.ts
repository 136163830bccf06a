import type { SceneElement } from '../../protocol/control.ts';
import type { Assets } from '../assets.ts';
import type { Size } from '../fit.ts';
import { drawSlate } from '../text/slate.ts';
import { card } from './card.ts';
import { Countdown } from './countdown.ts';
import { Cover } from './cover.ts';
import type { Graphic } from './graphic.ts';
import { logo } from './logo.ts';
import { lowerThird } from './lowerThird.ts';
import { Ticker } from './ticker.ts';

/** From behind to front, whatever the order in which they were switched on. */
const order: SceneElement['type'][] = ['slate', 'card', 'lower-third', 'countdown', 'logo', 'ticker'];

export const depthOf = (element: SceneElement): number => order.indexOf(element.type);

/** What an element looks like; null when there is nothing to see, such as an image that is not there. */
export function graphicOf(element: SceneElement, canvas: Size, assets: Pick<Assets, 'get'>): Graphic | null {
  switch (element.type) {
    case 'lower-third':
      return lowerThird(element.title, element.subtitle, canvas);
    case 'logo': {
      const image = assets.get(element.image);
      return image && logo(image, element.corner, canvas);
    }
    case 'ticker':
      return new Ticker(element.text, canvas);
    case 'countdown':
      return new Countdown(element.title, element.untilMs, canvas);
    case 'slate':
      return new Cover(drawSlate(element.title, element.text, canvas, assets.get(element.image)));
    case 'card':
      return card(element.title, element.lines, canvas);
  }
}

/** The images that an element shows. */
export const imageOf = (element: SceneElement): string | null =>
  element.type === 'logo' || element.type === 'slate' ? element.image : null;
