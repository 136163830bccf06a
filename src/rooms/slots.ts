import type { Person } from './layout/types.ts';

/** Whom the room looks at. */
interface Attention {
  /** Participants by when they last had the floor, who has it first. */
  floor?: readonly string[];
  spotlight?: string | null;
}

const keyOf = ({ participant, kind }: Person): string => `${kind} ${participant}`;

/**
 * Who stands in which slot of a viewer who is sent speakers one by one.
 *  - Who has a slot keeps it for as long as they are there; nobody moves when somebody else leaves.
 *  - Free slots are filled in order of arrival.
 *  - With fewer slots than people, who is in front gets in: screens, who is in the spotlight, who has the
 *    floor. They take the place of who was heard longest ago, of equals of who came last.
 *  - A single slot follows the floor alone: it carries their sound, too.
 *
 * @param before who was in each slot until now
 * @param people in order of arrival
 * @param count slots there are
 */
export function fillSlots<P extends Person>(
  before: readonly (Person | null)[],
  people: readonly P[],
  count: number,
  attention: Attention = {},
): (P | null)[] {
  const here = new Map(people.map((person) => [keyOf(person), person]));
  const slots = Array.from({ length: count }, (_, slot): P | null => {
    const person = before[slot];
    return person ? (here.get(keyOf(person)) ?? null) : null;
  });
  const placed = new Set(slots.flatMap((person) => (person ? [keyOf(person)] : [])));
  const absent = people.filter((person) => !placed.has(keyOf(person)));
  const ranks = ranking(people, count, attention);
  const free = slots.flatMap((person, slot) => (person ? [] : [slot]));
  const chosen = new Set([...absent].sort((a, b) => ranks.of(a) - ranks.of(b)).slice(0, free.length));
  for (const person of absent) if (chosen.has(person)) slots[free.shift()!] = person;
  for (const person of absent) {
    if (chosen.has(person) || !ranks.inFront(person)) continue;
    const slot = leastOf(slots, ranks);
    if (slot !== undefined) slots[slot] = person;
  }
  return slots;
}

interface Ranks {
  /** Smaller is more important. */
  of(person: Person): number;
  /** Takes somebody else's place when there is no free one. */
  inFront(person: Person): boolean;
}

function ranking(people: readonly Person[], count: number, { floor = [], spotlight }: Attention): Ranks {
  const several = count > 1;
  const inFront = ({ participant, kind }: Person): boolean => {
    if (kind !== 'camera') return several;
    return participant === floor[0] || (several && participant === spotlight);
  };
  const of = (person: Person): number => {
    if (inFront(person)) return -1;
    const heard = floor.indexOf(person.participant);
    return heard >= 0 ? heard : floor.length + people.indexOf(person);
  };
  return { of, inFront };
}

/** The slot whose person may go first; undefined when everybody is in front. */
function leastOf(slots: readonly (Person | null)[], ranks: Ranks): number | undefined {
  let least: number | undefined;
  slots.forEach((person, slot) => {
    if (!person || ranks.inFront(person)) return;
    if (least === undefined || ranks.of(person) > ranks.of(slots[least]!)) least = slot;
  });
  return least;
}
