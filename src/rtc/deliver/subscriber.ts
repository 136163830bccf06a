/** One viewer's peer: tracks out, sender reports, and what the viewer reports. */

import { randomBytes } from 'node:crypto';
import type { VideoCodec } from '../../../mixer/protocol/control.ts';
import { nowUs, ntpUs } from '../clock.ts';
import type { Feed, PeerState, RtcSettings, SubscriberStats, ToDelivery } from '../contract.ts';
import { Peer } from '../peer.ts';
import { compactNtp, type ReportBlock } from '../rtcp/packet.ts';
import { parseRtcp, type RtcpItem } from '../rtcp/parse.ts';
import { writeBye, writeReceiverReport, writeSenderReport, writeSourceDescription } from '../rtcp/reports.ts';
import { type AnswerShape, writeAnswer } from '../sdp/answer.ts';
import { readOffer } from '../sdp/offer.ts';
import { type Selection, selectSections } from '../sdp/select.ts';
import type { Forwarder } from './forwarder.ts';
import { PictureSlots } from './pictureSlots.ts';
import { OutgoingTrack } from './track.ts';

const REPORT_MS = 1_000;
/** A round trip longer than this is a peer's arithmetic, not the network. */
const MAX_RTT_MS = 60_000;
const FEEDBACK = ['goog-remb', 'ccm fir', 'nack', 'nack pli'];

export type SubscriberRequest = Omit<Extract<ToDelivery, { type: 'create' }>, 'type'>;

export interface SubscriberEvents {
  /** The forwarder of a source, which may not exist yet. */
  forwarder(source: string): Forwarder;
  state(state: PeerState, reason: string): void;
  /** The sources it is sent or waits for are others now. */
  changed(): void;
}

export class Subscriber {
  readonly id: string;
  readonly answer: string;
  readonly mids: Record<'audio' | 'video', string[]>;
  readonly #peer: Peer;
  readonly #tracks: OutgoingTrack[];
  readonly #sounds: OutgoingTrack[];
  readonly #pictures: PictureSlots;
  readonly #events: SubscriberEvents;
  readonly #cname: string;
  readonly #lossOf = new Map<number, number>();
  #reportTimer: NodeJS.Timeout | undefined;
  #rttMs: number | null = null;
  /** The viewer's estimate of its downlink, bit/s. */
  rembBps: number | null = null;

  /** @throws RostrumError sdp-malformed | sdp-refused | full */
  static async open(
    request: SubscriberRequest,
    settings: RtcSettings,
    events: SubscriberEvents,
  ): Promise<Subscriber> {
    const offer = readOffer(request.offer);
    const slots = { audio: request.audio.length, video: request.video.length };
    const selections = selectSections(offer, { receive: false, prefer: request.prefer, slots });
    const peer = await Peer.open(offer, selections, request.origin, settings, {
      connected: () => subscriber.#start(),
      rtp: () => {},
      rtcp: (compound) => subscriber.#rtcp(compound),
      ended: (state, reason) => {
        subscriber.#stop();
        events.state(state, reason);
      },
    });
    const subscriber: Subscriber = new Subscriber(request, selections, peer, events, (shape) =>
      writeAnswer(offer, selections, peer.transport, shape),
    );
    return subscriber;
  }

  private constructor(
    request: SubscriberRequest,
    selections: Selection[],
    peer: Peer,
    events: SubscriberEvents,
    answer: (shape: AnswerShape) => string,
  ) {
    this.id = request.subscriber;
    this.#peer = peer;
    this.#events = events;
    this.#cname = randomBytes(12).toString('hex');
    this.#tracks = selections.map(({ media, codecs }) => this.#track(media, codecs));
    const outputs = selections.map((selection, i) => ({ selection, track: this.#tracks[i]! }));
    const of = (media: string) => outputs.filter(({ selection }) => selection.media === media);
    const midsOf = (media: string) => of(media).flatMap(({ selection }) => selection.section.mid ?? []);
    this.mids = { audio: midsOf('audio'), video: midsOf('video') };
    this.#sounds = of('audio').map(({ track }) => track);
    this.#pictures = new PictureSlots(
      of('video').map(({ selection, track }) => ({
        track,
        codecs: selection.codecs.map(({ codec }) => codec as VideoCodec),
      })),
      events.forwarder,
    );
    request.audio.forEach((source, slot) => {
      this.selectSound(slot, source);
    });
    request.video.forEach((feed, slot) => {
      this.selectPicture(slot, feed);
    });
    this.answer = answer(this.#shape(outputs));
  }

  get etag(): string {
    return this.#peer.etag;
  }

  /** The picture sources it is sent or waits for. */
  get uses(): string[] {
    const pictures = this.#tracks.filter(({ media }) => media === 'video');
    return [...new Set(pictures.flatMap(({ sources }) => sources))];
  }

  /** @throws RostrumError sdp-malformed | sdp-refused */
  patch(fragment: string): string | undefined {
    return this.#peer.patch(fragment);
  }

  selectSound(slot: number, source: string | null): void {
    this.#sounds[slot]?.select(source === null ? null : this.#events.forwarder(source), nowUs());
  }

  selectPicture(slot: number, feed: Feed | null): void {
    this.#pictures.feed(slot, feed, nowUs());
  }

  limit(maxHeight: number | null): void {
    this.#pictures.limit(maxHeight, nowUs());
  }

  stats(): SubscriberStats {
    const sum = (count: (track: OutgoingTrack) => number) =>
      this.#tracks.reduce((all, each) => all + count(each), 0);
    return {
      subscriber: this.id,
      packets: sum((track) => track.packets),
      bytes: sum((track) => track.bytes),
      retransmissions: sum((track) => track.retransmissions),
      lossFraction: Math.max(0, ...this.#lossOf.values()),
      rttMs: this.#rttMs ?? this.#peer.rttMs,
      height: this.#pictures.heightOf(0),
      estimateKbps: null,
    };
  }

  /** Says goodbye to the viewer; raises no event. */
  close(): void {
    if (this.#peer.state === 'connected') this.#sayGoodbye();
    this.#stop();
    this.#peer.close();
  }

  #track(media: Selection['media'], codecs: Selection['codecs']): OutgoingTrack {
    return new OutgoingTrack(media, codecs, {
      send: (packet, length) => this.#peer.sendRtp(packet, length),
      started: () => this.#report(),
      changed: () => this.#events.changed(),
    });
  }

  /** Sound and picture of one slot are one MediaStream, so that a browser keeps them in sync. */
  #shape(outputs: { selection: Selection; track: OutgoingTrack }[]): AnswerShape {
    const stream = randomBytes(8).toString('hex');
    const slots = { audio: 0, video: 0 };
    const names = new Map(outputs.map(({ selection }) => [selection, slots[selection.media]++]));
    return {
      direction: 'sendonly',
      feedback: FEEDBACK,
      extensions: [],
      sent: (selection) => {
        const { ssrc, rtxSsrc } = outputs.find((each) => each.selection === selection)!.track;
        const name = `${stream}-${names.get(selection)}`;
        return { ssrc, rtxSsrc, cname: this.#cname, stream: name, track: `${name}-${selection.media}` };
      },
    };
  }

  #start(): void {
    const now = nowUs();
    for (const track of this.#tracks) track.open(now);
    this.#reportTimer = setInterval(() => this.#report(), REPORT_MS).unref();
    this.#events.state('connected', 'ICE and DTLS are done');
  }

  #stop(): void {
    clearInterval(this.#reportTimer);
    for (const track of this.#tracks) track.close();
  }

  #report(): void {
    const now = nowUs();
    let silent = true;
    for (const track of this.#tracks) {
      const report = track.report(now, ntpUs(now));
      if (report === undefined) continue;
      silent = false;
      this.#peer.sendRtcp(
        Buffer.concat([writeSenderReport(report), writeSourceDescription(track.ssrc, this.#cname)]),
      );
    }
    if (silent) this.#reportPresence();
  }

  /** Where nobody is on stage there is nothing to report, yet a viewer must know that we are here. */
  #reportPresence(): void {
    const { ssrc } = this.#tracks[0]!;
    this.#peer.sendRtcp(
      Buffer.concat([writeReceiverReport(ssrc, []), writeSourceDescription(ssrc, this.#cname)]),
    );
  }

  #sayGoodbye(): void {
    for (const track of this.#tracks) {
      const now = nowUs();
      const report = track.report(now, ntpUs(now));
      if (report === undefined) continue;
      this.#peer.sendRtcp(Buffer.concat([writeSenderReport(report), writeBye([track.ssrc])]));
    }
  }

  #rtcp(compound: Buffer): void {
    const now = nowUs();
    for (const item of parseRtcp(compound)) this.#feedback(item, now);
  }

  #feedback(item: RtcpItem, now: number): void {
    if (item.type === 'report-block') this.#reported(item.block, now);
    else if (item.type === 'remb') this.rembBps = item.bps;
    else if (item.type === 'pli') this.#trackOf(item.ssrc)?.keyFrameWanted(now);
    else if (item.type === 'fir') {
      for (const ssrc of item.ssrcs) this.#trackOf(ssrc)?.keyFrameWanted(now);
    } else if (item.type === 'nack') {
      const track = this.#trackOf(item.ssrc);
      const rttMs = this.#rttMs ?? this.#peer.rttMs;
      for (const sequence of item.sequences) track?.retransmit(sequence, rttMs, now);
    }
  }

  #reported(block: ReportBlock, now: number): void {
    if (this.#trackOf(block.ssrc) === undefined) return;
    this.#lossOf.set(block.ssrc, block.fractionLost / 256);
    if (block.lastSenderReport === 0) return;
    const elapsed =
      (compactNtp(ntpUs(now)) - block.lastSenderReport - block.delaySinceLastSenderReport) >>> 0;
    const rttMs = (elapsed / 65536) * 1000;
    if (rttMs <= MAX_RTT_MS) this.#rttMs = rttMs;
  }

  #trackOf(ssrc: number): OutgoingTrack | undefined {
    return this.#tracks.find((track) => track.ssrc === ssrc);
  }
}
