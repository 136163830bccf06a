import { RostrumError } from '../errors.ts';
import type { Participant } from '../rooms/participant.ts';
import { mayPublish } from '../rooms/roles.ts';
import type { SubscriberStats } from '../rtc/contract.ts';
import type * as contract from './contract.ts';
import { requireForwardable } from './forwardable.ts';
import { Graph, type GraphParts } from './graph.ts';
import type { Headroom } from './headroom.ts';
import { applyPatch } from './participantPatch.ts';
import type { RoomFiles } from './roomFiles.ts';
import { patched, type RoomState } from './roomState.ts';
import type { LiveSettings } from './settings.ts';
import { Upkeep } from './upkeep.ts';
import { participantView, roomView } from './views.ts';

/**
 * One room alive: what can be asked of it.
 *  - Somebody is a participant from their first session or join to the end of the last.
 *  - A tile is there before `publish` resolves and gone before its session's `close` does.
 *  - Removing somebody ends everything of theirs and keeps them out.
 */
export class LiveRoom implements contract.LiveRoom {
  readonly id: string;
  readonly files: RoomFiles;
  readonly #settings: LiveSettings;
  readonly #graph: Graph;
  readonly #upkeep: Upkeep;
  readonly #createdAtMs: number;
  readonly #headroom: Headroom;
  /** Who once was taken in, and for what: they may come again while they are in the room. */
  readonly #takenIn = { publish: new WeakSet<Participant>(), subscribe: new WeakSet<Participant>() };
  #state: RoomState;
  #closed = false;

  constructor(id: string, state: RoomState, parts: GraphParts & { headroom: Headroom }) {
    this.id = id;
    this.#state = state;
    this.files = parts.files;
    this.#settings = parts.settings;
    this.#headroom = parts.headroom;
    this.#createdAtMs = parts.settings.clock.unixMs();
    this.#graph = new Graph(id, parts, {
      changed: () => this.#upkeep.changed(),
      left: (participant) => this.#leaveIfDone(participant),
      room: () => this.view(),
      participants: () => this.participants(),
    });
    this.#upkeep = new Upkeep(this.#graph, parts.settings.clock, () => this.#state);
    this.#upkeep.changed();
  }

  view(): contract.RoomView {
    const { elements, media, room, scenes, status } = this.#graph;
    const mixed = this.#state.mode === 'mcu';
    const parts = {
      tiles: scenes.program.views(mixed, status),
      stageTiles: scenes.stageDiffers ? scenes.stage.views(true, status) : null,
      elements: elements.list(),
      media: media.list(),
      people: room.participants.values(),
      recordings: this.#graph.recordings.running().map((one) => one.id),
      outputs: this.#graph.outputs.list().map((one) => one.id),
    };
    return roomView(this.id, this.#state, parts, this.#createdAtMs);
  }

  participants(): contract.ParticipantView[] {
    return [...this.#graph.room.participants.values()].map((participant) => this.#viewOf(participant));
  }

  patch(patch: contract.RoomPatch): contract.RoomView {
    const { files } = this;
    this.#state = patched(this.#state, patch, this.#graph.room, (...required) => files.require(...required));
    this.#upkeep.changed();
    return this.view();
  }

  patchParticipant(id: string, patch: contract.ParticipantPatch): contract.ParticipantView {
    const participant = this.#participant(id);
    const { room, publications } = this.#graph;
    applyPatch(participant, patch, room, publications, this.#settings.clock.nowMs());
    this.#upkeep.changed();
    return this.#viewOf(participant);
  }

  async removeParticipant(id: string): Promise<void> {
    this.#participant(id);
    const { room, publications, subscriptions, members } = this.#graph;
    room.ban(id);
    publications.endOf(id, 'removed');
    subscriptions.endOf(id, 'removed');
    members.end(id, 'removed');
    this.#leaveIfDone(id);
  }

  admit(who: contract.Identity): void {
    if (this.#closed) throw new RostrumError('no-such-room', `${this.id} has ended`);
    if (who.room !== this.id)
      throw new RostrumError('forbidden', 'the token is for another room; each room has its own');
    if (!this.#graph.room.wasRemoved(who.participant)) return;
    throw new RostrumError('unauthorized', 'this person was removed from the room; a new link lets them in');
  }

  async publish(
    who: contract.Identity,
    kind: 'camera' | 'screen',
    offer: string,
    loopback: boolean,
  ): Promise<contract.MediaSession> {
    this.admit(who);
    if (!mayPublish(this.#graph.room.roleOf(who.participant, who.role))) {
      throw new RostrumError('forbidden', 'a viewer may not publish; a host can make them a panelist');
    }
    const { createPublisher, checkOffer, rtc } = this.#settings;
    const check = () => checkOffer(offer, 'publish');
    return this.#begin(who, 'publish', check, (participant) =>
      this.#graph.publications.publish(participant, kind, (events) =>
        createPublisher(offer, { loopback }, rtc, events).then((publisher) => {
          if (this.#state.mode === 'sfu') requireForwardable(publisher);
          return publisher;
        }),
      ),
    );
  }

  async subscribe(who: contract.Identity, offer: string, loopback: boolean): Promise<contract.MediaSession> {
    this.admit(who);
    const check = () => this.#settings.checkOffer(offer, 'subscribe');
    return this.#begin(who, 'subscribe', check, (participant) =>
      this.#graph.subscriptions.subscribe(
        participant,
        offer,
        { loopback },
        this.#slotsOf(offer),
        this.#upkeep.lineup(),
      ),
    );
  }

  async record(format: string, tracks = false): Promise<contract.RecordingView> {
    if (this.#closed) throw new RostrumError('no-such-room', `${this.id} has ended`);
    return this.#graph.recordings.begin(format, tracks);
  }

  get outputs(): contract.Outputs {
    return this.#graph.outputs;
  }

  get elements(): contract.Elements {
    return this.#graph.elements;
  }

  get media(): contract.MediaSources {
    return this.#graph.media;
  }

  async snapshot(): Promise<Buffer> {
    if (this.#closed) throw new RostrumError('no-such-room', `${this.id} has ended`);
    const picture = this.#graph.snapshot.take();
    // A room in which nobody is has no mixer; it gets one for this, which stays for the next.
    this.#upkeep.changed();
    try {
      return await picture;
    } finally {
      this.#upkeep.changed();
    }
  }

  limit(participant: string, maxHeight: number | null): void {
    this.#participant(participant).maxHeight = maxHeight;
    this.#graph.subscriptions.limit(participant, maxHeight);
  }

  delivered(participant: string): contract.DeliveryView {
    const { renditions, subscriptions } = this.#graph;
    return {
      renditions: this.#state.mode === 'mcu' ? renditions.sizes : [],
      maxHeight: this.#participant(participant).maxHeight,
      sessions: subscriptions.of(participant).map(({ id: session, stats }) => ({
        ...{ session, height: stats?.height ?? null, estimateKbps: stats?.estimateKbps ?? null },
      })),
    };
  }

  session(id: string): contract.MediaSession | undefined {
    return this.#graph.publications.get(id) ?? this.#graph.subscriptions.get(id);
  }

  join(who: contract.Identity, each: (event: contract.RoomEvent) => void): contract.Membership {
    this.admit(who);
    this.#enter(who);
    const membership = this.#graph.members.join(who.participant, each);
    this.#upkeep.changed();
    const recordings = this.#graph.recordings.running();
    if (recordings.length > 0) each({ type: 'recordings', recordings });
    this.#tellOutputs(who, each);
    for (const { kind, need } of this.#graph.economy?.asked(who.participant) ?? []) {
      each({ type: 'send', kind, ...need });
    }
    for (const { participant, id: session, slots } of this.#graph.subscriptions) {
      if (participant === who.participant && slots.length > 0) each({ type: 'slots', session, slots });
    }
    return membership;
  }

  /** How many speakers a viewer may be sent at a time; the program is one picture and one sound. */
  #slotsOf(offer: string): number {
    if (this.#state.mode === 'mcu') return 1;
    const { maxSlots, maxStage } = this.#settings.limits;
    return Math.min(this.#settings.countSlots(offer), maxSlots, maxStage);
  }

  #tellOutputs(who: contract.Identity, each: (event: contract.RoomEvent) => void): void {
    const role = this.#graph.room.roleOf(who.participant, who.role);
    const outputs = this.#graph.outputs.list();
    if (outputs.length > 0 && (role === 'host' || role === 'co-host')) each({ type: 'outputs', outputs });
  }

  get subscribers(): number {
    return this.#graph.subscriptions.size;
  }

  /** Takes what the delivery counted, subscriber by subscriber. */
  measured(stats: ReadonlyMap<string, SubscriberStats>): void {
    this.#graph.subscriptions.measured(stats);
  }

  /** Share of its pictures that the mixer left out in the last second; null while none runs. */
  get skippedShare(): number | null {
    const { engine, fps, status } = this.#graph;
    return engine.pid === null ? null : status.skippedLately / fps;
  }

  metrics(): contract.RoomMetrics {
    const { engine, program, publications, status, subscriptions } = this.#graph;
    const { packets, bytes } = subscriptions.sent();
    return {
      room: this.id,
      publishers: publications.size,
      subscribers: subscriptions.size,
      videoEncoders: program.count('video'),
      audioEncoders: program.count('audio'),
      mixerRestarts: engine.restarts,
      mixerPid: engine.pid,
      skippedPictures: status.skippedPictures,
      full: this.#headroom.shortageIn(this.id) !== null,
      tickLateness: status.tickLateness,
      pictureLatency: status.pictureLatency,
      soundLatency: status.soundLatency,
      avOffsets: engine.pid === null ? [] : status.avOffsets,
      tickLatenessP99Ms: engine.pid === null ? 0 : status.tickLatenessP99Ms,
      packetsSent: packets,
      bytesSent: bytes,
    };
  }

  /** Ends the room and everything in it; everybody is told why. */
  async close(reason: 'room-deleted' | 'shutting-down'): Promise<void> {
    this.#closed = true;
    this.#upkeep.close();
    await this.#graph.close(reason);
    if (reason === 'room-deleted') await this.#forgetFiles();
  }

  /** The room has ended all the same where its files cannot be removed. */
  async #forgetFiles(): Promise<void> {
    try {
      await this.files.forget();
    } catch (err) {
      this.#settings.log.error({ err, room: this.id }, "the room's files could not be removed");
    }
  }

  /**
   * Opens a session for somebody, who is a participant meanwhile and, if it succeeds, from then on.
   * @param check throws when the offer is no good: that is said even where there is no room for it
   */
  async #begin<S>(
    who: contract.Identity,
    purpose: 'publish' | 'subscribe',
    check: () => void,
    open: (participant: Participant) => Promise<S>,
  ): Promise<S> {
    const participant = this.#enter(who);
    try {
      if (this.#state.mode === 'mcu' && this.#graph.engine.failing)
        throw new RostrumError('cannot-mix', "the mixer does not start; the server's log says why", 10);
      const takenIn = this.#takenIn[purpose];
      if (!takenIn.has(participant)) this.#headroom.require(this.id);
      const opening = open(participant);
      // The mixer starts while the offer is still being answered.
      this.#upkeep.changed();
      const session = await opening;
      takenIn.add(participant);
      return session;
    } catch (error) {
      if (error instanceof RostrumError && error.status === 503) check();
      throw error;
    } finally {
      this.#leaveIfDone(who.participant);
    }
  }

  #enter(who: contract.Identity): Participant {
    return this.#graph.room.enter(who.participant, who.name, who.role, this.#settings.clock.unixMs());
  }

  /** Something of this person ended, or never came about: with the last of it they have left. */
  #leaveIfDone(participant: string): void {
    const { room, publications, subscriptions, members } = this.#graph;
    const here = [publications, subscriptions, members].some((sessions) => sessions.has(participant));
    if (!here) room.leave(participant);
    if (!here && this.#state.spotlight === participant) this.#state = { ...this.#state, spotlight: null };
    this.#upkeep.changed();
  }

  #participant(id: string): Participant {
    const participant = this.#graph.room.participants.get(id);
    if (participant) return participant;
    throw new RostrumError('no-such-participant', 'nobody here has this id; they may have left');
  }

  #viewOf(participant: Participant): contract.ParticipantView {
    const { meter, status } = this.#graph;
    const level = meter.of(participant.id);
    return participantView(
      participant,
      level,
      status.avOffsetMs(participant.id),
      this.#settings.clock.nowMs(),
    );
  }
}
