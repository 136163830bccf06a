/** One viewer's peer: its slots, the tracks that fill them, and what the viewer reports. */

import { randomBytes } from 'node:crypto';
import type { VideoCodec } from '../../../mixer/protocol/control.ts';
import { nowUs } from '../clock.ts';
import type { Feed, PeerState, RtcSettings, SubscriberStats, ToDelivery } from '../contract.ts';
import { outbox, Peer } from '../peer.ts';
import { type AnswerShape, writeAnswer } from '../sdp/answer.ts';
import { readOffer } from '../sdp/offer.ts';
import { type Selection, selectSections } from '../sdp/select.ts';
import type { Room } from './advice.ts';
import { Adaptation } from './bandwidth/adaptation.ts';
import type { Sent } from './bandwidth/downlink.ts';
import { Feedback } from './feedback.ts';
import type { Forwarder } from './forwarder.ts';
import type { JoinQueue } from './joinQueue.ts';
import type { Pacer } from './pacer.ts';
import { PictureSlots } from './pictureSlots.ts';
import { SenderReports } from './senderReports.ts';
import { SoundSlot } from './soundSlot.ts';
import { OutgoingTrack } from './track.ts';

const REPORT_MS = 1_000;
/** Headers of IP, UDP and RTP, and what SRTP adds. */
const WIRE_BYTES = 28 + 12 + 10;
const FEEDBACK = ['goog-remb', 'ccm fir', 'nack', 'nack pli'];

export type SubscriberRequest = Omit<Extract<ToDelivery, { type: 'create' }>, 'type'>;

/** What all viewers of one thread share. */
export interface SubscriberParts {
  settings: RtcSettings;
  pacer: Pacer;
  joins: JoinQueue;
  /** The forwarder of a source, which may not exist yet. */
  forwarder(source: string): Forwarder;
}

export interface SubscriberEvents {
  state(state: PeerState, reason: string): void;
  /** The sources it is sent or waits for are others now. */
  changed(): void;
  /** Asks for a slower encoder of what it is sent, `kbps` at most; false when it will not be slower. */
  shrink(kbps: number): boolean;
}

interface Output {
  selection: Selection;
  track: OutgoingTrack;
}

export class Subscriber {
  readonly id: string;
  readonly answer: string;
  readonly mids: Record<'audio' | 'video', string[]>;
  readonly #peer: Peer;
  readonly #outputs: Output[];
  readonly #sounds: SoundSlot[];
  readonly #pictures: PictureSlots;
  readonly #adaptation: Adaptation;
  readonly #feedback: Feedback;
  readonly #reports: SenderReports;
  readonly #parts: SubscriberParts;
  readonly #events: SubscriberEvents;
  #reportTimer: NodeJS.Timeout | undefined;

  /** @throws RostrumError sdp-malformed | sdp-refused | full */
  static async open(
    request: SubscriberRequest,
    parts: SubscriberParts,
    events: SubscriberEvents,
  ): Promise<Subscriber> {
    const offer = readOffer(request.offer);
    const slots = { audio: request.audio.length, video: request.video.length };
    const selections = selectSections(offer, { receive: false, prefer: request.prefer, slots });
    const peer = await Peer.open(offer, selections, request.origin, parts.settings, {
      admit: (start) => parts.joins.enter(peer, start),
      connected: () => subscriber.#start(),
      answered: (rttMs) => subscriber.#adaptation.answered(rttMs, nowUs()),
      rtcp: (compound) => subscriber.#rtcp(compound),
      ended: (state, reason) => {
        subscriber.#stop();
        events.state(state, reason);
      },
    });
    const subscriber: Subscriber = new Subscriber(request, selections, peer, parts, events, (shape) =>
      writeAnswer(offer, selections, peer.transport, shape),
    );
    return subscriber;
  }

  private constructor(
    request: SubscriberRequest,
    selections: Selection[],
    peer: Peer,
    parts: SubscriberParts,
    events: SubscriberEvents,
    answer: (shape: AnswerShape) => string,
  ) {
    this.id = request.subscriber;
    this.#peer = peer;
    this.#parts = parts;
    this.#events = events;
    this.#outputs = selections.map((selection) => ({ selection, track: this.#track(selection) }));
    const tracks = this.#outputs.map(({ track }) => track);
    this.mids = { audio: this.#midsOf('audio'), video: this.#midsOf('video') };
    this.#sounds = this.#of('audio').map(({ track }) => new SoundSlot(track, parts.forwarder));
    this.#pictures = new PictureSlots(
      this.#of('video').map(({ selection, track }) => ({
        track,
        codecs: selection.codecs.map(({ codec }) => codec as VideoCodec),
      })),
      parts.forwarder,
    );
    this.#adaptation = new Adaptation(this.#pictures, parts.pacer, nowUs(), {
      sent: () => sentOver(tracks),
      forget: () => {
        for (const { outlet } of tracks) outlet.forget();
      },
      probe: (bytes, us) => this.#probe(bytes, us),
      ping: () => peer.ping(),
      pace: (kbps) => {
        for (const { track } of this.#of('video')) track.outlet.pace(kbps);
      },
      shrink: (kbps) => events.shrink(kbps),
    });
    this.#feedback = new Feedback(tracks, this.#adaptation);
    this.#reports = new SenderReports(tracks, (compound) => peer.sendRtcp(compound));
    request.audio.forEach((source, slot) => {
      this.selectSound(slot, source, request.lossyAudio?.[slot] ?? null);
    });
    request.video.forEach((feed, slot) => {
      this.selectPicture(slot, feed);
    });
    this.answer = answer(this.#shape());
  }

  get etag(): string {
    return this.#peer.etag;
  }

  /** The sources that must be encoded for it. */
  get uses(): string[] {
    const pictures = this.#of('video').flatMap(({ track }) => track.sources);
    return [...new Set([...pictures, ...this.#sounds.flatMap(({ uses }) => uses)])];
  }

  /** What it could take of each picture it is sent. */
  rooms(roomKbps: number | null = this.#adaptation.roomKbps(nowUs())): Room[] {
    const { given, costKbps } = this.#pictures;
    return given.map(({ source, kbps }) => ({
      source,
      rungKbps: kbps,
      roomKbps: roomKbps === null ? null : (roomKbps * kbps) / Math.max(1, costKbps),
    }));
  }

  /** @throws RostrumError sdp-malformed | sdp-refused */
  patch(fragment: string): string | undefined {
    return this.#peer.patch(fragment);
  }

  /** @param lossy the same sound with error correction, where there is one */
  selectSound(slot: number, source: string | null, lossy: string | null): void {
    this.#sounds[slot]?.select(source, lossy, nowUs());
    this.#adaptation.sounds = this.#sounds.filter(({ isOn }) => isOn).length;
  }

  selectPicture(slot: number, feed: Feed | null): void {
    this.#pictures.feed(slot, feed, nowUs());
  }

  /** The source's encoder is not slowed down for it. */
  rateKept(source: string): void {
    const isGiven = this.#pictures.given.some((rung) => rung.source === source);
    if (isGiven) this.#adaptation.rateKept(nowUs());
  }

  limit(maxHeight: number | null): void {
    this.#pictures.limit(maxHeight, nowUs());
  }

  stats(): SubscriberStats {
    const sum = (count: (track: OutgoingTrack) => number) =>
      this.#outputs.reduce((all, { track }) => all + count(track), 0);
    const { estimateKbps, downlink } = this.#adaptation;
    return {
      subscriber: this.id,
      packets: sum(({ outlet }) => outlet.packets),
      bytes: sum(({ outlet }) => outlet.bytes),
      retransmissions: sum(({ outlet }) => outlet.retransmissions),
      lossFraction: this.#feedback.lossFraction,
      rttMs: downlink.roundTrip.ms,
      height: this.#pictures.heightOf(0),
      estimateKbps: estimateKbps === null ? null : Math.round(estimateKbps),
    };
  }

  /** Says goodbye to the viewer; raises no event. */
  close(): void {
    if (this.#peer.state === 'connected') this.#reports.goodbye(nowUs());
    this.#stop();
    this.#peer.close();
  }

  #of(media: Selection['media']): Output[] {
    return this.#outputs.filter(({ selection }) => selection.media === media);
  }

  #midsOf(media: Selection['media']): string[] {
    return this.#of(media).flatMap(({ selection }) => selection.section.mid ?? []);
  }

  #track({ media, codecs }: Selection): OutgoingTrack {
    return new OutgoingTrack(media, codecs, {
      batch: outbox,
      flush: () => this.#peer.send(outbox),
      pacer: this.#parts.pacer,
      started: () => this.#started(media),
      changed: () => this.#events.changed(),
    });
  }

  /** Sound and picture of one slot are one MediaStream, so that a browser keeps them in sync. */
  #shape(): AnswerShape {
    const stream = randomBytes(8).toString('hex');
    return {
      direction: 'sendonly',
      feedback: FEEDBACK,
      extensions: [],
      sent: (selection) => {
        const outputs = this.#of(selection.media);
        const slot = outputs.findIndex((each) => each.selection === selection);
        const { ssrc, rtxSsrc } = outputs[slot]!.track.outlet;
        const name = `${stream}-${slot}`;
        return {
          ssrc,
          rtxSsrc,
          cname: this.#reports.cname,
          stream: name,
          track: `${name}-${selection.media}`,
        };
      },
    };
  }

  #start(): void {
    this.#parts.joins.leave(this.#peer);
    const now = nowUs();
    // Before the first picture: the round trip of a network without a queue.
    this.#adaptation.downlink.roundTrip.push(this.#peer.rttMs ?? Number.NaN, now);
    for (const { track } of this.#outputs) track.open(now);
    this.#reportTimer = setInterval(() => this.#tick(), REPORT_MS).unref();
    this.#events.state('connected', 'ICE and DTLS are done');
  }

  #started(media: Selection['media']): void {
    const now = nowUs();
    if (media === 'video') this.#adaptation.begin(now);
    this.#reports.report(now);
  }

  #stop(): void {
    this.#parts.joins.leave(this.#peer);
    clearInterval(this.#reportTimer);
    this.#adaptation.close();
    for (const { track } of this.#outputs) track.close();
  }

  #tick(): void {
    const now = nowUs();
    this.#reports.report(now);
    this.#adaptation.tick(now);
    for (const sound of this.#sounds) sound.protect(this.#feedback.soundLoss.isLossy(now), now);
  }

  #rtcp(compound: Buffer): void {
    this.#feedback.push(compound, nowUs());
  }

  #probe(bytes: number, us: number): number {
    for (const { track } of this.#of('video')) {
      const sent = track.outlet.probe(bytes, us);
      if (sent > 0) return sent;
    }
    return 0;
  }
}

/** Everything that went to one viewer. */
export function sentOver(tracks: readonly OutgoingTrack[]): Sent {
  const sent = { progress: { packets: 0, lost: 0 }, bytes: 0 };
  for (const { outlet, media } of tracks) {
    sent.bytes += outlet.bytes + outlet.repairedBytes + outlet.packets * WIRE_BYTES;
    if (media === 'audio') continue;
    sent.progress.packets += outlet.progress.packets;
    sent.progress.lost += outlet.progress.lost;
  }
  return sent;
}
