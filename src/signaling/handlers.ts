/** One handler per message. Who may send it was checked before, from the message table. */

import { joinLink } from '../access/links.ts';
import { RostrumError } from '../errors.ts';
import type { Identity, LiveRoom, RecordingView, Role } from '../live/contract.ts';
import { plainLine } from '../plainText.ts';
import type { Answers, ClientMessage, ClientMessageType } from './messages.ts';
import type { SignalingParts } from './parts.ts';

/** Somebody who joined. */
export interface Member {
  who: Identity;
  /** As it is now: a host may have changed it. */
  role: Role;
  room: LiveRoom;
  /** Begins the links they hand out. */
  base: string;
}

type MemberMessage = Exclude<ClientMessageType, 'join' | 'leave'>;

type Handlers = {
  [T in MemberMessage]: (
    member: Member,
    message: Extract<ClientMessage, { type: T }>,
    parts: SignalingParts,
  ) => Answers[T] | Promise<Answers[T]>;
};

const handlers: Handlers = {
  state({ who, room }, { audio, video }) {
    room.patchParticipant(who.participant, { audio, video });
    return {};
  },

  hand({ who, room }, { raised }) {
    room.patchParticipant(who.participant, { handRaised: raised });
    return {};
  },

  'set-quality'({ who, room }, { maxHeight }) {
    room.limit(who.participant, maxHeight);
    return {};
  },

  delivery: ({ who, room }) => room.delivered(who.participant),

  'set-room': ({ room }, { id: _id, type: _type, ...patch }) => ({ room: room.patch(patch) }),

  'set-participant'(member, { id: _id, type: _type, participant, ...patch }) {
    requireRank(member, participant);
    return { participant: member.room.patchParticipant(participant, patch) };
  },

  async remove(member, { participant }) {
    requireRank(member, participant);
    await member.room.removeParticipant(participant);
    return {};
  },

  async 'start-recording'({ room }, { format = 'mp4', tracks = false }) {
    return { recording: await room.record(format, tracks) };
  },

  async 'set-recording'({ room }, { recording, state }, { rooms, log }) {
    requireOwn(room, rooms.recordings.get(recording));
    const changed = rooms.recordings.change(recording, state);
    if (state !== 'finished') return { recording: await changed };
    // The next message does not wait for the file; an event says when it is there.
    changed.catch((err) => log.error({ err, recording }, 'a recording could not be finished'));
    return { recording: rooms.recordings.get(recording) };
  },

  'mark-chapter'({ room }, { recording, title = '' }, { rooms }) {
    requireOwn(room, rooms.recordings.get(recording));
    return { recording: rooms.recordings.mark(recording, plainLine(title)) };
  },

  recordings({ room }, _message, { rooms, fileLinks }) {
    const linked = rooms.recordings.list(room.id).map((recording) => ({
      ...recording,
      files: recording.files.map((file) => ({
        ...file,
        url: fileLinks.sign(`/api/recordings/${recording.id}/files/${file.name}`),
      })),
    }));
    return { recordings: linked };
  },

  async 'start-output'({ room }, { output }) {
    return { output: await room.outputs.begin(output) };
  },

  async 'stop-output'({ room }, { output }) {
    await room.outputs.end(output);
    return {};
  },

  'set-element': ({ room }, { element }) => ({ element: room.elements.set(element) }),

  'remove-element'({ room }, { element }) {
    room.elements.remove(element);
    return {};
  },

  'start-media': ({ room }, { file, loop }) => ({ media: room.media.start({ file, loop }) }),

  'set-media': ({ room }, { id: _id, type: _type, media, ...patch }) => ({
    media: room.media.change(media, patch),
  }),

  'stop-media'({ room }, { media }) {
    room.media.remove(media);
    return {};
  },

  files: ({ room }) => ({ files: room.files.list() }),

  'upload-link'({ room }, { name }, { fileLinks }) {
    const signed = fileLinks.sign(`/api/rooms/${room.id}/assets`);
    return { url: `${signed}&name=${encodeURIComponent(name)}` };
  },

  async 'remove-file'({ room }, { name }) {
    await room.files.remove(name);
    return {};
  },

  async invite({ room, base }, { role, name }, { tokens, tokenTtlS }) {
    const request = { room: room.id, role, name: notEmpty('name', plainLine(name)), ttlS: tokenTtlS };
    return { url: joinLink(base, room.id, await tokens.issue(request)) };
  },
};

/** @throws RostrumError of whatever the room says */
export async function handleMessage(
  member: Member,
  message: Extract<ClientMessage, { type: MemberMessage }>,
  parts: SignalingParts,
): Promise<object> {
  const handle = handlers[message.type] as (
    member: Member,
    message: ClientMessage,
    parts: SignalingParts,
  ) => object | Promise<object>;
  return handle(member, message, parts);
}

/** Other rooms' recordings are none of theirs. */
function requireOwn(room: LiveRoom, recording: RecordingView): void {
  if (recording.room !== room.id) {
    throw new RostrumError('no-such-recording', 'this room has no such recording; it may be of another');
  }
}

/** A co-host helps the host and cannot turn on them. */
function requireRank({ role, room }: Member, participant: string): void {
  const other = room.participants().find((one) => one.id === participant);
  if (other?.role === 'host' && role !== 'host') {
    throw new RostrumError('forbidden', 'a co-host cannot change or remove the host');
  }
}

function notEmpty(name: string, text: string): string {
  if (text === '') throw new RostrumError('invalid-request', `${name}: Empty`);
  return text;
}
