import type { RtpPacket } from '../rtp/packet.ts';
import { Unwrapper } from '../rtp/sequence.ts';

export interface QueuedPacket {
  ticks: number;
  payload: Buffer;
  arrivalUs: number;
}

/** Packets held at most; a sender that is further ahead loses its oldest. */
const MAX_PACKETS = 400;

/** Sequence jumps over this are a new stream. */
const RESET_DISTANCE = 1000;

/** Numbers given up lately, kept to know a late packet from a duplicate. */
const MAX_CONCEDED = 64;

/** A packet's place: to be played, past its time, or come before. */
export type Place = { sequence: number; is: 'new' | 'late' | 'duplicate' };

/** One stream's packets in the order of their numbers, each once. */
export class PacketQueue {
  readonly #restarted: (isOtherSender: boolean) => void;
  #unwrapper = new Unwrapper(16);
  #ssrc: number | undefined;
  #packets = new Map<number, QueuedPacket>();
  #conceded = new Set<number>();
  #highest = 0;
  /** Next sequence number to play; what is below has had its time. Undefined before the start. */
  next: number | undefined;

  /** @param restarted called when the packet that is being placed begins another stream */
  constructor(restarted: (isOtherSender: boolean) => void) {
    this.#restarted = restarted;
  }

  get size(): number {
    return this.#packets.size;
  }

  place(packet: RtpPacket): Place {
    const sequence = this.#sequenceOf(packet);
    if (this.next !== undefined && sequence < this.next) {
      return { sequence, is: this.#conceded.delete(sequence) ? 'late' : 'duplicate' };
    }
    return { sequence, is: this.#packets.has(sequence) ? 'duplicate' : 'new' };
  }

  put(sequence: number, packet: QueuedPacket): void {
    this.#packets.set(sequence, packet);
    this.#highest = Math.max(this.#highest, sequence);
    if (this.#packets.size > MAX_PACKETS) this.#packets.delete(this.lowest());
  }

  /** The packet `ahead` of the one to be played next. */
  peek(ahead = 0): QueuedPacket | undefined {
    return this.#packets.get(this.next! + ahead);
  }

  /** Takes out the packet that is to be played next, which must be there. */
  take(): QueuedPacket {
    const packet = this.#packets.get(this.next!)!;
    this.#packets.delete(this.next!++);
    return packet;
  }

  /** The next packet is played no more, should it come. */
  concede(): void {
    this.#conceded.add(this.next!++);
    if (this.#conceded.size <= MAX_CONCEDED) return;
    for (const oldest of this.#conceded) {
      this.#conceded.delete(oldest);
      break;
    }
  }

  /** The lowest number that is there; there must be one. */
  lowest(): number {
    let least = Number.POSITIVE_INFINITY;
    for (const sequence of this.#packets.keys()) if (sequence < least) least = sequence;
    return least;
  }

  /** Goes on with the oldest packet for which `isWanted`, or with the newest. */
  skipTo(isWanted: (packet: QueuedPacket) => boolean): void {
    const held = [...this.#packets.keys()].sort((a, b) => a - b);
    while (held.length > 1 && !isWanted(this.#packets.get(held[0]!)!)) this.#packets.delete(held.shift()!);
    this.next = held[0]!;
  }

  clear(): void {
    this.#packets.clear();
    this.#conceded.clear();
    this.#highest = 0;
    this.next = undefined;
  }

  /** Unrolled sequence number; a packet that cannot belong to the stream so far begins a new one. */
  #sequenceOf(packet: RtpPacket): number {
    if (packet.ssrc !== this.#ssrc) {
      if (this.#ssrc !== undefined) this.#restart(true);
      this.#ssrc = packet.ssrc;
    }
    const sequence = this.#unwrapper.unwrap(packet.sequence);
    if (this.#highest === 0 || Math.abs(sequence - this.#highest) <= RESET_DISTANCE) return sequence;
    this.#restart(false);
    return this.#unwrapper.unwrap(packet.sequence);
  }

  #restart(isOtherSender: boolean): void {
    this.#unwrapper = new Unwrapper(16);
    this.clear();
    this.#restarted(isOtherSender);
  }
}
