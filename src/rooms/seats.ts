import type { Attention, Person, SolvedTile } from './layout/types.ts';

/** Somebody without a tile who speaks gets one at most this often. */
const PAUSE_MS = 3_000;

const keyOf = ({ participant, kind }: Person): string => `${kind} ${participant}`;

/**
 * The order in which people are laid out when there are more than tiles. It is that of their arrival, but
 * that who speaks without a tile changes places with one who was heard longest ago; nobody else moves.
 */
export class Seats {
  #order: string[] = [];
  #changedMs = Number.NEGATIVE_INFINITY;
  #waits = false;

  /** The people in the order of their seats; who is new comes before the next in order of arrival. */
  arrange<P extends Person>(people: readonly P[]): P[] {
    const byKey = new Map(people.map((person) => [keyOf(person), person]));
    const order = this.#order.filter((key) => byKey.has(key));
    const keys = [...byKey.keys()];
    for (const [index, key] of keys.entries()) {
      if (order.includes(key)) continue;
      const next = keys.slice(index + 1).find((later) => order.includes(later));
      order.splice(next === undefined ? order.length : order.indexOf(next), 0, key);
    }
    this.#order = order;
    return order.map((key) => byKey.get(key)!);
  }

  /** Gives a seat to who should have one. Returns true when seats have changed: arrange and solve again. */
  promote<P extends Person>(
    tiles: readonly SolvedTile<P>[],
    hidden: readonly P[],
    { floor = [], spotlight = null }: Attention,
    nowMs: number,
  ): boolean {
    this.#waits = false;
    const shared = tiles.filter((tile) => tile.shared).map((tile) => tile.person);
    const [speaker] = floor;
    for (const [wanted, pauseMs] of [
      [spotlight, 0],
      [speaker, PAUSE_MS],
    ] as const) {
      const comes = hidden.find(({ participant, kind }) => participant === wanted && kind === 'camera');
      const goes = comes && leastHeard(shared, floor, [spotlight, speaker]);
      if (!goes) continue;
      if (nowMs - this.#changedMs >= pauseMs) return this.#swap(comes, goes, nowMs);
      this.#waits = true;
    }
    return false;
  }

  /** True when somebody waits for a seat who may have it now. */
  due(nowMs: number): boolean {
    return this.#waits && nowMs - this.#changedMs >= PAUSE_MS;
  }

  #swap(comes: Person, goes: Person, nowMs: number): boolean {
    const from = this.#order.indexOf(keyOf(comes));
    const to = this.#order.indexOf(keyOf(goes));
    this.#order[from] = keyOf(goes);
    this.#order[to] = keyOf(comes);
    this.#changedMs = nowMs;
    return true;
  }
}

/** Of equals the one who came last. */
function leastHeard<P extends Person>(
  people: readonly P[],
  floor: readonly string[],
  kept: readonly (string | null | undefined)[],
): P | undefined {
  const rank = (person: P): number => {
    const at = floor.indexOf(person.participant);
    return at < 0 ? floor.length : at;
  };
  const others = people.filter(({ participant, kind }) => kind === 'camera' && !kept.includes(participant));
  return others.reduce<P | undefined>(
    (found, person) => (found && rank(found) > rank(person) ? found : person),
    undefined,
  );
}
