import { mayPublish, type Role } from './roles.ts';
import {
  type PerMedia,
  POOR_AFTER_MS,
  RECONNECTING_AFTER_MS,
  type Source,
  type SourceKind,
} from './source.ts';

export type Switch = 'on' | 'muted';
export type Connection = 'good' | 'poor' | 'lost';

/** One person in a room, whatever they do with their token. */
export class Participant {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly joinedAtMs: number;
  name: string;
  /** What stands below the name on the picture; empty for nothing. */
  title = '';
  role: Role;
  audio: Switch = 'on';
  video: Switch = 'on';
  handRaised = false;
  /** Gain in the mix, −60..20 dB. */
  volumeDb = 0;
  /** Wishes pictures of at most this height, 0 for sound only, null for what fits. */
  maxHeight: number | null = null;
  /** False once somebody took them off the stage; publishing alone does not bring them back. */
  stageAllowed = true;
  readonly sources = new Map<SourceKind, Source>();

  constructor(id: string, name: string, role: Role, joinedAtMs: number) {
    this.id = id;
    this.name = name;
    this.role = role;
    this.joinedAtMs = joinedAtMs;
  }

  get onStage(): boolean {
    return this.sources.size > 0 && this.stageAllowed && mayPublish(this.role);
  }

  /** Ready to go on stage, from which somebody took them or to which they were not let yet. */
  get backstage(): boolean {
    return this.sources.size > 0 && !this.stageAllowed && mayPublish(this.role);
  }

  /** Sends sound into the mix, so that hearing the mix means hearing oneself. */
  get soundsOnStage(): boolean {
    return this.onStage && this.sounds;
  }

  /** Sends sound, on stage or not. */
  get sounds(): boolean {
    return [...this.sources.values()].some((source) => source.offered.audio);
  }

  /** The person's switches are those of their camera and microphone; a shared screen has none. */
  wanted(kind: SourceKind): PerMedia {
    if (kind !== 'camera') return { audio: true, video: true };
    return { audio: this.audio === 'on', video: this.video === 'on' };
  }

  /** Turns a switch. Returns false when it stood so already. */
  turn(media: 'audio' | 'video', to: Switch, nowMs: number): boolean {
    if (this[media] === to) return false;
    this[media] = to;
    this.sources.get('camera')?.switched(nowMs);
    return true;
  }

  /** The worst of what they send; somebody who sends nothing is `good` as long as they are here. */
  connection(nowMs: number): Connection {
    let silentMs = 0;
    for (const source of this.sources.values()) {
      silentMs = Math.max(silentMs, source.silentMs(this.wanted(source.kind), nowMs));
    }
    if (silentMs < POOR_AFTER_MS) return 'good';
    return silentMs < RECONNECTING_AFTER_MS ? 'poor' : 'lost';
  }
}
