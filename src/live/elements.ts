import { RostrumError } from '../errors.ts';
import type * as material from './material.ts';

/** More would cover the picture. */
const MOST = 16;

export interface ElementsParts {
  /** Throws when the room has no image of this name. */
  requireImage(path: string, name: string | null | undefined): void;
  /** Milliseconds since 1970. */
  unixMs(): number;
  changed(): void;
}

/** What hosts have put over a room's picture. */
export class Elements implements material.Elements {
  readonly #parts: ElementsParts;
  readonly #elements = new Map<string, material.SceneElement>();

  constructor(parts: ElementsParts) {
    this.#parts = parts;
  }

  list(): material.SceneElement[] {
    return [...this.#elements.values()];
  }

  set(spec: material.ElementSpec): material.SceneElement {
    const element = withEnd(spec, this.#parts.unixMs());
    if (!this.#elements.has(element.id) && this.#elements.size >= MOST) {
      throw new RostrumError('too-many-elements', `a room has ${MOST} elements at most; remove one`);
    }
    this.#parts.requireImage('image', imageOf(element));
    this.#elements.set(element.id, element);
    this.#parts.changed();
    return element;
  }

  remove(id: string): void {
    if (!this.#elements.delete(id)) {
      throw new RostrumError(
        'no-such-element',
        `there is no element ${JSON.stringify(id.slice(0, 80))}; it may have been taken away`,
      );
    }
    this.#parts.changed();
  }
}

/** A duration begins when it is heard of here, so that nobody else's clock counts. */
function withEnd(spec: material.ElementSpec, nowMs: number): material.SceneElement {
  if (spec.type !== 'countdown') return spec;
  const { id, type, title, untilMs, durationMs = 0 } = spec;
  return { id, type, title, untilMs: untilMs ?? Math.round(nowMs + durationMs) };
}

/** Name of the image an element shows. */
export const imageOf = (element: material.SceneElement): string | null =>
  'image' in element ? element.image : null;
