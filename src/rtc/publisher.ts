/**
 * A speaker's peer: media in, feedback out.
 *
 * - Packets are handed on as soon as they are decrypted; ordering and waiting are the mixer's.
 * - The browser finds its rate by our transport-cc feedback; REMB only caps it.
 * - Requests for key frames are few, whatever is asked of us.
 */

import { randomBytes, randomInt } from 'node:crypto';
import { nowUs } from './clock.ts';
import type { CreatePublisher, Media, Publisher, PublisherEvents, RtcSettings } from './contract.ts';
import { KeyFrameGate } from './keyFrameGate.ts';
import { Peer } from './peer.ts';
import { ArrivalLog } from './publish/arrivalLog.ts';
import { ReceivedTrack } from './publish/receivedTrack.ts';
import { writeFir, writeNack, writePli, writeRemb } from './rtcp/feedback.ts';
import type { SenderReport } from './rtcp/packet.ts';
import { parseRtcp } from './rtcp/parse.ts';
import { writeReceiverReport, writeSourceDescription } from './rtcp/reports.ts';
import { AUDIO_LEVEL_URI, audioLevelDb } from './rtp/audioLevel.ts';
import { extensionAt, headerLength, payloadTypeOf } from './rtp/header.ts';
import { type AnswerShape, TRANSPORT_CC_URI, writeAnswer } from './sdp/answer.ts';
import { readOffer } from './sdp/offer.ts';
import { type Selection, selectSections } from './sdp/select.ts';

const FEEDBACK_MS = 50;
const REPORT_MS = 1_000;
const MAX_NACK = 128;
/** With less a sender has no room for its sound and for finding out that there is more. */
const LEAST_CAP_KBPS = 150;
/** What a first picture of 1280×720 needs. */
const START_KBPS = 1_000;
const shape: AnswerShape = {
  direction: 'recvonly',
  feedback: ['transport-cc', 'goog-remb', 'ccm fir', 'nack', 'nack pli'],
  extensions: [TRANSPORT_CC_URI, AUDIO_LEVEL_URI],
};

export const createPublisher: CreatePublisher = async (offerText, origin, settings, events) => {
  const offer = readOffer(offerText);
  const selections = selectSections(offer, { receive: true });
  const received = new Reception(selections, settings, events);
  const peer = await Peer.open(offer, selections, origin, settings, {
    connected: () => received.start(peer),
    rtp: (packet, arrivalUs) => received.rtp(packet, arrivalUs),
    rtcp: (compound, arrivalUs) => received.rtcp(compound, arrivalUs),
    ended: (state, reason) => {
      received.close();
      events.state(state, reason);
    },
  });
  const publisher: Publisher = {
    answer: writeAnswer(offer, selections, peer.transport, {
      ...shape,
      startKbps: Math.min(START_KBPS, settings.maxVideoKbps),
    }),
    tracks: received.tracks.map((track) => track.published),
    get etag() {
      return peer.etag;
    },
    get state() {
      return peer.state;
    },
    nack: (media, sequences) => received.nack(media, sequences),
    requestKeyFrame: () => received.requestKeyFrame(),
    limit: (kbps) => received.limit(kbps),
    patch: async (fragment) => {
      const answerFragment = peer.patch(fragment);
      return answerFragment === undefined ? {} : { answerFragment };
    },
    stats: () => ({
      packets: received.packets,
      bytes: received.bytes,
      lostPackets: received.tracks.reduce((sum, track) => sum + Math.max(0, track.lost), 0),
      rttMs: peer.rttMs,
    }),
    close: () => {
      received.close();
      peer.close();
    },
  };
  return publisher;
};

/** Everything behind the peer connection. */
class Reception {
  readonly tracks: ReceivedTrack[];
  packets = 0;
  bytes = 0;
  readonly #settings: RtcSettings;
  readonly #events: PublisherEvents;
  readonly #ssrc = randomInt(1, 2 ** 32);
  readonly #cname = randomBytes(12).toString('base64');
  readonly #arrivals = new ArrivalLog();
  readonly #transportCcId: number | undefined;
  readonly #audioLevelId: number | undefined;
  readonly #reducedSize: boolean;
  readonly #keyFrames: KeyFrameGate;
  #firCount = 0;
  #capKbps: number;
  #peer: Peer | undefined;
  #feedbackTimer: NodeJS.Timeout | undefined;
  #reportTimer: NodeJS.Timeout | undefined;

  constructor(selections: Selection[], settings: RtcSettings, events: PublisherEvents) {
    this.#capKbps = settings.maxVideoKbps;
    this.#settings = settings;
    this.#events = events;
    this.tracks = selections.map(
      (selection) =>
        new ReceivedTrack(selection, (packet, arrivalUs) => events.rtp(selection.media, packet, arrivalUs)),
    );
    this.#transportCcId = selections
      .map(({ section }) => section.extensions.get(TRANSPORT_CC_URI))
      .find((id) => id !== undefined);
    this.#audioLevelId = selections
      .find(({ media }) => media === 'audio')
      ?.section.extensions.get(AUDIO_LEVEL_URI);
    this.#reducedSize = selections.every(({ section }) => section.reducedSize);
    this.#keyFrames = new KeyFrameGate({ intervalMs: 300, answerMs: 300 }, () => this.#sendKeyFrameRequest());
  }

  start(peer: Peer): void {
    this.#peer = peer;
    this.#feedbackTimer = setInterval(() => this.#sendTransportFeedback(), FEEDBACK_MS).unref();
    this.#reportTimer = setInterval(() => this.#sendReports(), REPORT_MS).unref();
    this.#sendReports();
    this.#events.state('connected', 'ICE and DTLS are done');
  }

  close(): void {
    this.#peer = undefined;
    clearInterval(this.#feedbackTimer);
    clearInterval(this.#reportTimer);
    this.#keyFrames.close();
  }

  rtp(packet: Buffer, arrivalUs: number): void {
    this.packets++;
    this.bytes += packet.length;
    if (this.#transportCcId !== undefined) {
      const at = extensionAt(packet, headerLength(packet), this.#transportCcId, 2);
      if (at >= 0) this.#arrivals.packet(packet.readUInt16BE(at), arrivalUs);
    }
    const payloadType = payloadTypeOf(packet);
    for (const track of this.tracks) {
      if (!track.takes(payloadType)) continue;
      if (track.media === 'audio') this.#level(packet, arrivalUs);
      track.packet(packet, arrivalUs);
      return;
    }
  }

  #level(packet: Buffer, arrivalUs: number): void {
    if (this.#audioLevelId === undefined) return;
    const levelDb = audioLevelDb(packet, this.#audioLevelId);
    if (levelDb !== undefined) this.#events.level?.(levelDb, arrivalUs);
  }

  rtcp(compound: Buffer, arrivalUs: number): void {
    for (const item of parseRtcp(compound)) {
      if (item.type === 'sender-report') this.#senderReport(item.report, arrivalUs);
      else if (item.type === 'bye')
        for (const ssrc of item.ssrcs) for (const track of this.tracks) track.bye(ssrc);
    }
  }

  nack(media: Media, sequences: number[]): void {
    const track = this.tracks.find((each) => each.media === media);
    if (track?.ssrc === undefined || !track.codec.feedback.has('nack')) return;
    for (let at = 0; at < sequences.length; at += MAX_NACK) {
      this.#send(writeNack(this.#ssrc, track.ssrc, sequences.slice(at, at + MAX_NACK)));
    }
  }

  requestKeyFrame(): void {
    this.#keyFrames.request();
  }

  /** Said at once, and again with each report. */
  limit(kbps: number): void {
    const capKbps = Math.max(LEAST_CAP_KBPS, Math.min(kbps, this.#settings.maxVideoKbps));
    if (capKbps === this.#capKbps) return;
    this.#capKbps = capKbps;
    this.#sendReports();
  }

  #senderReport({ ssrc, ntpUs, rtpTimestamp }: SenderReport, arrivalUs: number): void {
    for (const track of this.tracks) {
      if (!track.senderReport(ssrc, ntpUs, arrivalUs)) continue;
      this.#events.senderReport(track.media, { ntpUs, rtpTimestamp, arrivalUs });
    }
  }

  #sendKeyFrameRequest(): void {
    const video = this.tracks.find((track) => track.media === 'video');
    // Before the first packet there is nobody to ask, and a stream begins with a key frame anyway.
    if (video?.ssrc === undefined) return;
    if (video.codec.feedback.has('nack pli')) this.#send(writePli(this.#ssrc, video.ssrc));
    else if (video.codec.feedback.has('ccm fir')) {
      this.#firCount = (this.#firCount + 1) & 0xff;
      this.#send(writeFir(this.#ssrc, video.ssrc, this.#firCount));
    }
  }

  #sendTransportFeedback(): void {
    const ssrc = this.tracks.find((track) => track.ssrc !== undefined)?.ssrc ?? 0;
    for (const packet of this.#arrivals.take(this.#ssrc, ssrc)) this.#send(packet);
  }

  /** Receiver report, and the cap where REMB was agreed upon. */
  #sendReports(): void {
    const streams = this.tracks.flatMap((track) => track.streams());
    const now = nowUs();
    const parts = [
      writeReceiverReport(
        this.#ssrc,
        streams.map((stream) => stream.report(now)),
      ),
      writeSourceDescription(this.#ssrc, this.#cname),
    ];
    const video = this.tracks.find((track) => track.media === 'video');
    if (video?.ssrc !== undefined && video.codec.feedback.has('goog-remb')) {
      parts.push(writeRemb(this.#ssrc, this.#capKbps * 1000, [video.ssrc]));
    }
    this.#peer?.sendRtcp(Buffer.concat(parts));
  }

  /** Feedback by itself where the peer takes reduced-size RTCP, else behind an empty report (RFC 4585 3.1). */
  #send(feedback: Buffer): void {
    if (this.#reducedSize) this.#peer?.sendRtcp(feedback);
    else {
      const head = [writeReceiverReport(this.#ssrc, []), writeSourceDescription(this.#ssrc, this.#cname)];
      this.#peer?.sendRtcp(Buffer.concat([...head, feedback]));
    }
  }
}
