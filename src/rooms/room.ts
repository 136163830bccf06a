import { Participant } from './participant.ts';
import type { Role } from './roles.ts';
import { type PerMedia, Source, type SourceKind, type TileState } from './source.ts';
import { Stage } from './stage.ts';

/** Somebody's place on stage, as the layout and the picture need it. */
export interface Occupant {
  participant: string;
  kind: SourceKind;
  role: Role;
  name: string;
  /** Second line of the name bar; empty for none. */
  title: string;
  /** Their microphone is switched off. */
  micOff: boolean;
  state: TileState;
}

/**
 * Who is in a room and what they send: decisions only, no transport and no clock.
 *  - A participant is one person under one id, however many sessions they have.
 *  - The stage keeps the order of arrival; who is replaced by themselves keeps their place.
 *  - A role or a removal outlives the person's presence: coming back does not undo it.
 */
export class Room {
  readonly participants = new Map<string, Participant>();
  readonly #stage = new Stage();
  readonly #removed = new Set<string>();
  readonly #givenRoles = new Map<string, Role>();

  /** The person under this id, made when they are new. */
  enter(id: string, name: string, role: Role, joinedAtMs: number): Participant {
    const known = this.participants.get(id);
    if (known) return known;
    const participant = new Participant(id, name, this.roleOf(id, role), joinedAtMs);
    this.participants.set(id, participant);
    return participant;
  }

  /** The role somebody has here: the one given in the room, else the one their token carries. */
  roleOf(id: string, tokenRole: Role): Role {
    return this.participants.get(id)?.role ?? this.#givenRoles.get(id) ?? tokenRole;
  }

  giveRole(participant: Participant, role: Role): void {
    participant.role = role;
    this.#givenRoles.set(participant.id, role);
  }

  leave(id: string): void {
    const participant = this.participants.get(id);
    if (!participant) return;
    for (const source of [...participant.sources.values()]) this.removeSource(source);
    this.participants.delete(id);
  }

  /** Whoever has this id may not come back; that they leave is another matter. */
  ban(id: string): void {
    this.#removed.add(id);
    this.#givenRoles.delete(id);
  }

  wasRemoved(id: string): boolean {
    return this.#removed.has(id);
  }

  addSource(participant: Participant, kind: SourceKind, offered: PerMedia, nowMs: number): Source {
    const source = new Source(participant.id, kind, offered, nowMs);
    participant.sources.set(kind, source);
    this.#stage.add(source);
    return source;
  }

  removeSource(source: Source): void {
    if (!this.#stage.remove(source)) return;
    this.participants.get(source.participant)?.sources.delete(source.kind);
  }

  /**
   * Everybody on stage, in order of arrival.
   * @param backstage whether those are among them who send but were taken off the stage
   */
  occupants(nowMs: number, backstage = false): Occupant[] {
    const occupants: Occupant[] = [];
    for (const source of this.#stage) {
      const participant = this.participants.get(source.participant);
      if (!participant?.onStage && !(backstage && participant?.backstage)) continue;
      const { id, role, name, title, audio } = participant;
      const state = source.state(participant.wanted(source.kind), nowMs);
      const micOff = source.kind === 'camera' && (audio === 'muted' || !source.offered.audio);
      occupants.push({ participant: id, kind: source.kind, role, name, title, micOff, state });
    }
    return occupants;
  }

  /** True when somebody sends who was taken off the stage. */
  get hasBackstage(): boolean {
    return [...this.participants.values()].some((participant) => participant.backstage);
  }

  /** Sources that have been silent for too long. */
  gone(nowMs: number): Source[] {
    return [...this.#stage].filter((source) => {
      const participant = this.participants.get(source.participant);
      return participant !== undefined && source.gone(participant.wanted(source.kind), nowMs);
    });
  }

  /** How everybody who sends is doing, as a text that differs when anything of it does. */
  health(nowMs: number): string {
    const lines: string[] = [];
    for (const { participant, kind, state } of this.occupants(nowMs))
      lines.push(`${kind} ${participant} ${state}`);
    for (const participant of this.participants.values()) {
      if (participant.sources.size > 0) lines.push(`${participant.id} ${participant.connection(nowMs)}`);
    }
    return lines.join('\n');
  }
}
