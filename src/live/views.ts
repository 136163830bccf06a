import { layoutDocument } from '../rooms/layout/documents.ts';
import type { Participant } from '../rooms/participant.ts';
import type { ParticipantView, RoomView, TileView } from './contract.ts';
import type { RoomState } from './roomState.ts';
import type { Level } from './soundMeter.ts';

export function participantView(
  participant: Participant,
  level: Level,
  avOffsetMs: number,
  nowMs: number,
): ParticipantView {
  const { id, name, role, audio, video, onStage, handRaised } = participant;
  return {
    ...{ id, name, role, audio, video, onStage, handRaised },
    speaking: level.speaking,
    levelDb: Math.round(level.levelDb * 10) / 10,
    avOffsetMs,
    connection: participant.connection(nowMs),
    joinedAt: new Date(participant.joinedAtMs).toISOString(),
  };
}

/** What a room's view is made of beside its state. */
interface RoomParts {
  tiles: TileView[];
  people: Iterable<Participant>;
  recordings: string[];
  outputs: string[];
}

export function roomView(
  id: string,
  state: RoomState,
  { tiles, people, recordings, outputs }: RoomParts,
  createdAtMs: number,
): RoomView {
  const roles = [...people].map((participant) => participant.role);
  return {
    ...{ id, title: state.title, mode: state.mode, live: state.live },
    layout: { name: state.layout, document: layoutDocument(state.layout), tiles },
    spotlight: state.spotlight,
    participants: roles.length,
    viewers: roles.filter((role) => role === 'viewer').length,
    recordings,
    outputs,
    createdAt: new Date(createdAtMs).toISOString(),
  };
}
