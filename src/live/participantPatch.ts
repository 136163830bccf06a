import { RostrumError } from '../errors.ts';
import type { Participant } from '../rooms/participant.ts';
import { mayPublish } from '../rooms/roles.ts';
import type { Room } from '../rooms/room.ts';
import type { ParticipantPatch } from './contract.ts';
import type { Publications } from './publications.ts';

/** @throws RostrumError invalid-request | full; nothing is changed then */
export function applyPatch(
  participant: Participant,
  patch: ParticipantPatch,
  room: Room,
  publications: Publications,
  nowMs: number,
): void {
  const { role = participant.role, onStage = participant.stageAllowed } = patch;
  if (patch.onStage && !mayPublish(role)) {
    throw new RostrumError('invalid-request', 'onStage: a viewer cannot be on stage, change the role first');
  }
  const comesBack = onStage && mayPublish(role) && participant.sources.size > 0 && !participant.onStage;
  if (comesBack) publications.requireTiles(participant);
  participant.stageAllowed = onStage;
  participant.title = patch.title ?? participant.title;
  participant.volumeDb = patch.volumeDb ?? participant.volumeDb;
  participant.handRaised = patch.handRaised ?? participant.handRaised;
  if (patch.audio) participant.turn('audio', patch.audio, nowMs);
  if (patch.video) participant.turn('video', patch.video, nowMs);
  if (role === participant.role) return;
  room.giveRole(participant, role);
  if (!mayPublish(role)) publications.endOf(participant.id, 'made a viewer');
}
