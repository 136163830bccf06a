import type { OutputView, ParticipantView, RoomView, RunningRecording } from '../../../src/live/contract.ts';
import type { LinkState } from '../media/mediaLink.ts';
import type { Problem } from '../media/problem.ts';
import type { Notice } from './notices.ts';

/** Why one is no longer in the room. */
export type Ending = 'left' | 'room-deleted' | 'removed' | 'replaced' | 'refused';

export interface RoomState {
  /** `lobby`: before joining (green room, or the button to watch). */
  phase: 'lobby' | 'live' | 'over';
  ending: Ending | null;
  /** The server's word for an ending by refusal. */
  refusal: Problem | null;
  channel: 'connecting' | 'open' | 'reconnecting';
  /** The server said that it is restarting. */
  restarting: boolean;
  room: RoomView | null;
  you: ParticipantView | null;
  people: ParticipantView[];
  levels: Readonly<Record<string, { levelDb: number; speaking: boolean }>>;
  /** Participants by when they last had the floor, who has it first. */
  floor: readonly string[];
  recordings: RunningRecording[];
  /** Told to hosts only. */
  outputs: OutputView[];
  /** When the server last spoke of them, on the page's clock. */
  recordingsHeardAtMs: number;
  program: LinkState;
  programProblem: Problem | null;
  upload: LinkState;
  uploadProblem: Problem | null;
  notices: Notice[];
  /** Read out by screen readers. */
  announcement: string;
}

export const initialState: RoomState = {
  phase: 'lobby',
  ending: null,
  refusal: null,
  channel: 'connecting',
  restarting: false,
  room: null,
  you: null,
  people: [],
  levels: {},
  floor: [],
  recordings: [],
  outputs: [],
  recordingsHeardAtMs: 0,
  program: 'idle',
  programProblem: null,
  upload: 'idle',
  uploadProblem: null,
  notices: [],
  announcement: '',
};
