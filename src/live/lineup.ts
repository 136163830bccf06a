import type { ProgramName, SourceKind } from '../../mixer/protocol/control.ts';
import type { Participant } from '../rooms/participant.ts';
import type { Room } from '../rooms/room.ts';
import { fillSlots } from '../rooms/slots.ts';
import type { Feed } from '../rtc/contract.ts';
import type { Publications } from './publications.ts';
import type { Renditions, Sounds } from './renditions.ts';

/** Somebody in a slot, with what they send. */
export interface SlotPerson {
  participant: string;
  kind: SourceKind;
  volumeDb: number;
  sound: string | null;
  picture: Feed | null;
}

/** What one viewer is sent: an entry for each slot, null where it is sent nothing. */
export interface Lineup {
  audio: (string | null)[];
  /** The same sounds with error correction, for a network that loses packets; null where there is none. */
  lossyAudio: (string | null)[];
  video: (Feed | null)[];
  /** Mixed sound that it hears in one way of coding or the other; null where it hears the speakers themselves. */
  mixed: Sounds | null;
  /** Who is in each slot; none while it watches the program. */
  people: (SlotPerson | null)[];
}

/** What a lineup is made for. */
export interface Watching {
  participant: string;
  /** Slots it has. */
  slots: number;
  /** Who was in them until now. */
  people: readonly (SlotPerson | null)[];
}

/** Makes the lineup of a viewer from what the room is now. */
export type MakeLineup = (watching: Watching) => Lineup;

/** The program, which is one sound and one picture, in the first slot. */
export function programLineup(
  room: Room,
  renditions: Renditions,
  programFor: (participant: string) => ProgramName = () => 'program',
): MakeLineup {
  return ({ participant, slots }) => {
    const program = programFor(participant);
    const mixed = renditions.sounds(leftOut(room.participants.get(participant), program), program);
    const nothing = Array.from({ length: Math.max(0, slots - 1) }, () => null);
    const video = [renditions.feed(program), ...nothing];
    const { usual, lossy } = mixed;
    return {
      audio: [usual.source, ...nothing],
      lossyAudio: [lossy.source, ...nothing],
      ...{ video, mixed, people: [] },
    };
  };
}

export interface SpeakersParts {
  room: Room;
  publications: Publications;
  /** By when they last had the floor. */
  floor: readonly string[];
  spotlight: string | null;
  nowMs: number;
}

/** The speakers themselves, each in a slot of their own; nobody is sent to themselves. */
export function speakersLineup({ room, publications, floor, spotlight, nowMs }: SpeakersParts): MakeLineup {
  const speakers = room.occupants(nowMs).flatMap(({ participant: id, kind }): SlotPerson[] => {
    const forwarded = publications.of(id, kind)?.forwarded;
    const participant = room.participants.get(id);
    if (!forwarded || !participant) return [];
    const { volumeDb } = participant;
    const picture = participant.wanted(kind).video ? forwarded.picture : null;
    return [{ participant: id, kind, volumeDb, sound: forwarded.sound, picture }];
  });
  return ({ participant, slots, people: before }) => {
    const others = speakers.filter((speaker) => speaker.participant !== participant);
    const attention = { floor: floor.filter((each) => each !== participant), spotlight };
    const people = fillSlots(before, others, slots, attention);
    // With a second slot, even an empty one, sections are answered with all codecs that speakers may send.
    const entries = [...people, ...(slots < 2 ? [null] : [])];
    const audio = entries.map((person) => person?.sound ?? null);
    const video = entries.map((person) => person?.picture ?? null);
    return { audio, lossyAudio: entries.map(() => null), video, mixed: null, people };
  };
}

/** Whom the mixed sound for this person leaves out: themselves, while they are in it. */
function leftOut(participant: Participant | undefined, program: ProgramName): string | undefined {
  const inIt = program === 'stage' ? participant?.sounds : participant?.soundsOnStage;
  return inIt ? participant?.id : undefined;
}
