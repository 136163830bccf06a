import type { SoundDesk } from '../audio/desk.ts';
import type { FromMixer, Play } from '../protocol/control.ts';
import { sourceKey } from '../video/compositor.ts';
import type { Programs } from '../video/programs.ts';
import { Player, type PlayerParts } from './player.ts';

/** Each has a thread and keeps some pictures. */
const MAX_PLAYERS = 8;

export interface PlayersParts extends PlayerParts {
  picture: Pick<Programs, 'setTrack' | 'dropTrack'>;
  sound: Pick<SoundDesk, 'join' | 'leave'>;
  send(message: FromMixer): void;
}

const who = (participant: string) => ({ participant, kind: 'media' }) as const;

/** The files that play in a room, each as a source beside cameras and screens. */
export class Players {
  readonly #parts: PlayersParts;
  readonly #players = new Map<string, Player>();
  /** Those that are heard a little longer. */
  readonly #leaving = new Set<Player>();

  constructor(parts: PlayersParts) {
    this.#parts = parts;
  }

  play(play: Play): void {
    const current = this.#players.get(play.participant);
    if (current?.path === play.path && !current.failed) {
      current.play(play);
      this.#tell(current);
      return;
    }
    if (current !== undefined) this.#end(current);
    if (this.#players.size + this.#leaving.size >= MAX_PLAYERS) this.#refuse(play);
    else this.#open(play);
  }

  /** Its picture is gone at once, its sound when it has faded. */
  stop(participant: string): void {
    const player = this.#players.get(participant);
    if (player === undefined) return;
    this.#players.delete(participant);
    this.#parts.picture.dropTrack(sourceKey(who(participant)));
    this.#leaving.add(player);
    player.leave();
  }

  /** Once a second. */
  tick(): void {
    const nowUs = this.#parts.nowUs();
    for (const player of this.#players.values()) this.#parts.send(player.tick(nowUs));
  }

  close(): void {
    for (const player of [...this.#players.values(), ...this.#leaving]) this.#end(player);
  }

  #open(play: Play): void {
    const { picture, sound } = this.#parts;
    const { participant } = play;
    const isCurrent = () => this.#players.get(participant) === player;
    const player = new Player(play, this.#parts, {
      opened: (hasPictures, hasSound) => {
        if (hasPictures && isCurrent()) picture.setTrack(sourceKey(who(participant)), player.pictures);
        if (hasSound && isCurrent()) sound.join(who(participant), player.sound);
      },
      changed: () => {
        if (isCurrent()) this.#tell(player);
      },
      left: () => this.#end(player),
    });
    this.#players.set(participant, player);
    this.#tell(player);
  }

  /** The same source may play another file by now, whose sound is not this one's to end. */
  #end(player: Player): void {
    const { participant } = player;
    const current = this.#players.get(participant);
    const wasLeaving = this.#leaving.delete(player);
    if (current === player) {
      this.#players.delete(participant);
      this.#parts.picture.dropTrack(sourceKey(who(participant)));
    }
    if (current === player || (wasLeaving && current === undefined))
      this.#parts.sound.leave(who(participant));
    player.close();
  }

  #refuse({ participant }: Play): void {
    const detail = `no more than ${MAX_PLAYERS} files play at a time: stop one first`;
    const said = { state: 'failed', positionMs: 0, durationMs: null, detail } as const;
    this.#parts.send({ type: 'playing', participant, ...said });
  }

  #tell(player: Player): void {
    this.#parts.send(player.status(this.#parts.nowUs()));
  }
}
