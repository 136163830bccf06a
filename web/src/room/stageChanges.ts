import type { ParticipantView } from '../../../src/live/contract.ts';

/** Who came to the stage and who left it, as sentences for a screen reader. Oneself is left out. */
export function stageChanges(before: ParticipantView[], after: ParticipantView[], me: string): string[] {
  const onStage = (people: ParticipantView[]) => people.filter(({ id, onStage }) => onStage && id !== me);
  const [old, now] = [onStage(before), onStage(after)];
  const missing = (from: ParticipantView[], among: ParticipantView[]) =>
    from.filter(({ id }) => !among.some((each) => each.id === id));
  return [
    ...missing(now, old).map(({ name }) => `${name} is on stage.`),
    ...missing(old, now).map(({ name }) => `${name} left the stage.`),
  ];
}

/** Hosts first, then who is on stage, then by arrival: nobody moves when somebody speaks. */
export function listed(people: ParticipantView[]): ParticipantView[] {
  const rank = ({ role, onStage }: ParticipantView) =>
    role === 'host' ? 0 : onStage ? 1 : role === 'viewer' ? 3 : 2;
  return [...people].sort((a, b) => rank(a) - rank(b) || a.joinedAt.localeCompare(b.joinedAt));
}
