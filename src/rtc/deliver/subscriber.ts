/** A viewer's peer: at most one audio and one video track, their reports, and what the viewer reports. */

import { randomBytes } from 'node:crypto';
import { nowUs, ntpUs } from '../clock.ts';
import type { Media, PeerOrigin, PeerState, RtcSettings, SubscriberStats } from '../contract.ts';
import { Peer } from '../peer.ts';
import { compactNtp, type ReportBlock } from '../rtcp/packet.ts';
import { parseRtcp, type RtcpItem } from '../rtcp/parse.ts';
import { writeBye, writeSenderReport, writeSourceDescription } from '../rtcp/reports.ts';
import { type AnswerShape, writeAnswer } from '../sdp/answer.ts';
import type { Offer } from '../sdp/offer.ts';
import type { Selection } from '../sdp/select.ts';
import type { Forwarder } from './forwarder.ts';
import { OutgoingTrack } from './track.ts';

const REPORT_MS = 1_000;
/** A round trip longer than this is a peer's arithmetic, not the network. */
const MAX_RTT_MS = 60_000;
const FEEDBACK = ['goog-remb', 'ccm fir', 'nack', 'nack pli'];

export interface SubscriberEvents {
  state(state: PeerState, reason: string): void;
}

export class Subscriber {
  readonly id: string;
  readonly answer: string;
  readonly #peer: Peer;
  readonly #tracks: OutgoingTrack[];
  readonly #events: SubscriberEvents;
  readonly #cname: string;
  readonly #lossOf = new Map<number, number>();
  #reportTimer: NodeJS.Timeout | undefined;
  #rttMs: number | null = null;
  /** The viewer's estimate of its downlink, bit/s. */
  rembBps: number | null = null;

  /** @throws RostrumError full */
  static async open(
    id: string,
    offer: Offer,
    selections: Selection[],
    origin: PeerOrigin,
    settings: RtcSettings,
    forwarderOf: (selection: Selection) => Forwarder,
    events: SubscriberEvents,
  ): Promise<Subscriber> {
    const peer = await Peer.open(offer, selections, origin, settings, {
      connected: () => subscriber.#start(),
      rtp: () => {},
      rtcp: (compound) => subscriber.#rtcp(compound),
      ended: (state, reason) => {
        subscriber.#stop();
        events.state(state, reason);
      },
    });
    const tracks = selections.map(
      (selection) =>
        new OutgoingTrack(selection.media, selection.codec, forwarderOf(selection), {
          send: (packet, length) => peer.sendRtp(packet, length),
          started: () => subscriber.#report(),
        }),
    );
    const subscriber: Subscriber = new Subscriber(id, offer, selections, peer, tracks, events);
    return subscriber;
  }

  private constructor(
    id: string,
    offer: Offer,
    selections: Selection[],
    peer: Peer,
    tracks: OutgoingTrack[],
    events: SubscriberEvents,
  ) {
    this.id = id;
    this.#peer = peer;
    this.#tracks = tracks;
    this.#events = events;
    this.#cname = randomBytes(12).toString('hex');
    const stream = randomBytes(8).toString('hex');
    const shape: AnswerShape = {
      direction: 'sendonly',
      feedback: FEEDBACK,
      extensions: [],
      sent: ({ media }) => {
        const { ssrc, rtxSsrc } = tracks.find((track) => track.media === media)!;
        return { ssrc, rtxSsrc, cname: this.#cname, stream, track: `${stream}-${media}` };
      },
    };
    this.answer = writeAnswer(offer, selections, peer.transport, shape);
  }

  get etag(): string {
    return this.#peer.etag;
  }

  /** @throws RostrumError sdp-malformed | sdp-refused */
  patch(fragment: string): string | undefined {
    return this.#peer.patch(fragment);
  }

  select(media: Media, forwarder: Forwarder): void {
    this.#tracks.find((track) => track.media === media)?.select(forwarder, nowUs());
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
      height: null,
      estimateKbps: null,
    };
  }

  /** Says goodbye to the viewer; raises no event. */
  close(): void {
    if (this.#peer.state === 'connected') this.#sayGoodbye();
    this.#stop();
    this.#peer.close();
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
    for (const track of this.#tracks) {
      const report = track.report(now, ntpUs(now));
      if (report === undefined) continue;
      this.#peer.sendRtcp(
        Buffer.concat([writeSenderReport(report), writeSourceDescription(track.ssrc, this.#cname)]),
      );
    }
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
