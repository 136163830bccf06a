import type { Participant } from '../rooms/participant.ts';
import type { MediaView, ParticipantView, RoomView, SceneElement, TileView } from './contract.ts';
import type { RoomState } from './roomState.ts';
import type { Level } from './soundMeter.ts';

export function participantView(
  participant: Participant,
  level: Level,
  avOffsetMs: number,
  nowMs: number,
): ParticipantView {
  const { id, name, title, role, audio, video, onStage, handRaised, volumeDb } = participant;
  return {
    ...{ id, name, title, role, audio, video, onStage, handRaised, volumeDb },
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
  stageTiles: TileView[] | null;
  elements: SceneElement[];
  media: MediaView[];
  people: Iterable<Participant>;
  recordings: string[];
  outputs: string[];
}

export function roomView(
  id: string,
  state: RoomState,
  { tiles, people, ...parts }: RoomParts,
  createdAtMs: number,
): RoomView {
  const roles = [...people].map((participant) => participant.role);
  const { layout, ...rest } = state;
  return {
    id,
    ...rest,
    layout: { name: layout.name, document: layout, tiles },
    participants: roles.length,
    viewers: roles.filter((role) => role === 'viewer').length,
    ...parts,
    createdAt: new Date(createdAtMs).toISOString(),
  };
}
