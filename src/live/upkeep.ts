import type { Sender } from './economy.ts';
import type { Graph } from './graph.ts';
import { type MakeLineup, programLineup, speakersLineup } from './lineup.ts';
import type { Publication } from './publication.ts';
import type { RoomState } from './roomState.ts';
import type { LiveClock } from './settings.ts';

/** How often silence is looked for while anybody sends. */
const LOOK_MS = 250;

/** Keeps mixer, sound and members at what the room's state says. */
export class Upkeep {
  readonly #graph: Graph;
  readonly #clock: LiveClock;
  readonly #state: () => RoomState;
  #look: NodeJS.Timeout | undefined;
  #seen = '';
  #closed = false;

  constructor(graph: Graph, clock: LiveClock, state: () => RoomState) {
    this.#graph = graph;
    this.#clock = clock;
    this.#state = state;
  }

  /** The room changed: everything that follows from it is brought along before this returns. */
  changed(): void {
    if (this.#closed) return;
    const { engine, forwarding, members, program, publications, snapshot, subscriptions } = this.#graph;
    const state = this.#state();
    forwarding.turn(state.mode === 'sfu');
    this.#graph.scenes.divide(state);
    const present = publications.size + subscriptions.size > 0;
    engine.demand((present && !forwarding.on) || program.tapped || snapshot.wanted);
    this.#tracksAndGains();
    this.#scene();
    subscriptions.show(this.lineup());
    this.#economize();
    this.#keepLooking();
    members.changed();
  }

  /** What viewers are to be sent now. */
  lineup(): MakeLineup {
    const { conversation, forwarding, publications, renditions, room, scenes } = this.#graph;
    const program = programLineup(room, renditions, (one) => scenes.programFor(one));
    if (!forwarding.active) return program;
    const { spotlight } = this.#state();
    const speakers = speakersLineup({
      ...{ room, publications, floor: conversation.order, spotlight },
      nowMs: this.#clock.nowMs(),
    });
    if (forwarding.on) return speakers;
    // Who has several slots will open another session; until then nothing changes for them.
    return (watching) => (watching.slots > 1 ? speakers(watching) : program(watching));
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#look);
  }

  #tracksAndGains(): void {
    const { engine, forwarding, publications, room, scenes, trackTaps } = this.#graph;
    const { live, sound } = this.#state();
    engine.sound(sound);
    for (const publication of publications) {
      const { participant: id, kind } = publication;
      const participant = room.participants.get(id);
      if (!participant) continue;
      const { onStage } = participant;
      publication.attach(onStage || (scenes.stageDiffers && participant.backstage));
      const wanted = participant.wanted(kind);
      // With two programs each says who is in it.
      const muted = !(live || scenes.stageDiffers) || !wanted.audio;
      // What is not on the air is not kept either: the green room, a muted microphone, a camera that is off.
      const kept = trackTaps.wanted && live && onStage;
      publication.tap({ audio: kept && !muted, video: kept && wanted.video }, participant.name);
      const forwarded = forwarding.active && live && onStage;
      publication.forward(forwarded ? { audio: !muted, video: wanted.video } : null);
      if (muted) forwarding.voices.drop(id, kind);
      engine.gain({ participant: id, kind, muted, volumeDb: participant.volumeDb });
    }
  }

  #scene(): void {
    const { room, scenes } = this.#graph;
    const state = this.#state();
    const scene = scenes.show(state);
    const { title, live, spotlight } = state;
    const layout = state.layout.name;
    const senders = [...room.participants.values()].filter(({ sources }) => sources.size > 0);
    const participants = senders.map(({ id, name, role }) => ({ id, name, role }));
    this.#graph.moments.note({ title, live, layout, spotlight, scene, participants });
  }

  #economize(): void {
    const { economy, members, publications, scenes } = this.#graph;
    const nowMs = this.#clock.nowMs();
    const senders = [...publications].map((publication): Sender => {
      const { participant, kind, id: session } = publication;
      return {
        ...{ participant, kind, session, ...this.#useOf(publication) },
        tell: (need) => {
          publication.need(need, members.has(participant), nowMs);
          members.tell(participant, { type: 'send', kind, ...need });
        },
      };
    });
    economy?.update(senders, scenes.stageDiffers ? [scenes.program, scenes.stage] : [scenes.program]);
  }

  #useOf({ participant: id }: Publication): Pick<Sender, 'attached' | 'wholly'> {
    const { forwarding, room, scenes, trackTaps } = this.#graph;
    const participant = room.participants.get(id);
    const onStage = participant?.onStage ?? false;
    const attached = onStage || (scenes.stageDiffers && (participant?.backstage ?? false));
    return { attached, wholly: onStage && (forwarding.active || trackTaps.wanted) };
  }

  #keepLooking(): void {
    const needed = this.#graph.publications.size > 0;
    if (needed === (this.#look !== undefined)) return;
    clearInterval(this.#look);
    this.#look = needed ? setInterval(() => this.#lookForSilence(), LOOK_MS) : undefined;
    this.#look?.unref();
  }

  #lookForSilence(): void {
    this.#graph.publications.endGone();
    this.#economize();
    const seen = this.#graph.room.health(this.#clock.nowMs());
    if (seen === this.#seen) return;
    this.#seen = seen;
    this.changed();
  }
}
