import type { Answers, ClientMessageType } from '../../../src/signaling/messages.ts';
import { Problem } from '../media/problem.ts';
import type { RoomSession } from '../room/session.ts';
import type { Outgoing } from '../signaling/channel.ts';

/** Asks the server for a change on a person's behalf; a refusal is shown to them. Null when refused. */
export async function ask<T extends ClientMessageType>(
  session: RoomSession,
  type: T,
  body: Outgoing<T>,
): Promise<Answers[T] | null> {
  try {
    return await session.channel.request(type, body);
  } catch (error) {
    const { title, detail } =
      error instanceof Problem ? error : { title: 'That did not work', detail: String(error) };
    session.notices.show({ topic: `ask-${type}`, tone: 'warning', title, detail });
    return null;
  }
}
