/** Who talks and who listens, in a process of their own: `fork`ed, called by `measureSound`. */

import { readFileSync } from 'node:fs';
import { toneHz } from '../../clips/loadClips.ts';
import { readOggOpus } from '../../clips/ogg.ts';
import { answerCalls } from '../../load/calls.ts';
import { type OwnFigures, OwnMeter } from '../../load/meter.ts';
import { Pace } from '../../load/pace.ts';
import { openBridge } from '../janus/bridgeVenue.ts';
import { type RoomAddress, roomVenue } from './roomVenue.ts';
import { SoundPeer } from './soundPeer.ts';
import { samplesOf, toneShareDb } from './tones.ts';
import type { Part, Venue } from './venue.ts';

/** Where they meet: Janus' HTTP address, or a room. */
export type VenueOrder = { janus: string } | RoomAddress;

export interface SpeakOrder {
  /** Ogg Opus. */
  sound: string;
  token: string;
}

export interface SoundFigures extends OwnFigures {
  /** Each connection that hears something, the one with the fewest first. */
  packets: number[];
  bytes: number;
}

/** Of what one listener hears. */
const TASTED_PACKETS = 100;

const pace = new Pace();
const meter = new OwnMeter();
const peers: { part: Part; peer: SoundPeer }[] = [];
let venue: Venue | undefined;
let before: { packets: number; bytes: number }[] = [];

async function add(part: Part, sound: readonly Buffer[]): Promise<void> {
  const peer = await SoundPeer.open(part, sound);
  peers.push({ part, peer });
  pace.add(peer);
}

const hearing = () => peers.filter(({ part }) => part.direction !== 'sendonly').map(({ peer }) => peer);

const counted = () => hearing().map(({ packets, bytes }) => ({ packets, bytes }));

/** The next packets of the last who came, decrypted. */
function taste(): Promise<Buffer[]> {
  const { peer } = peers.at(-1)!;
  const packets: Buffer[] = [];
  return new Promise((resolve) => {
    peer.each = (packet) => {
      if (packets.push(packet) < TASTED_PACKETS) return;
      peer.each = undefined;
      resolve(packets);
    };
  });
}

async function leave(): Promise<void> {
  const leaving = peers.splice(0);
  for (const { peer } of leaving) pace.delete(peer);
  await Promise.all(leaving.map(({ peer }) => peer.close()));
  await venue?.close();
}

const calls = {
  async meet(order: VenueOrder): Promise<void> {
    venue = 'janus' in order ? await openBridge(order.janus) : roomVenue(order);
  },
  async speak({ sound, token }: SpeakOrder): Promise<void> {
    const packets = readOggOpus(readFileSync(sound));
    for (const part of venue!.speaker(token)) await add(part, packets);
  },
  async listen(token: string): Promise<void> {
    await add(venue!.listener(token), []);
  },
  /** How much of what the last listener hears is each speaker's tone, dB. */
  async hear(speakers: number): Promise<number[]> {
    const samples = samplesOf(await taste());
    return Array.from({ length: speakers }, (_, speaker) => toneShareDb(samples, toneHz(speaker)));
  },
  begin(): void {
    before = counted();
    meter.begin();
  },
  end(): SoundFigures {
    const gained = counted().map(({ packets, bytes }, at) => ({
      packets: packets - before[at]!.packets,
      bytes: bytes - before[at]!.bytes,
    }));
    return {
      ...meter.end(),
      packets: gained.map(({ packets }) => packets).sort((a, b) => a - b),
      bytes: gained.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  },
  leave,
};

export type SoundCalls = typeof calls;

answerCalls(calls, async () => {
  await leave();
  pace.close();
});
