import type { TrackFrame } from './protocol/framing.ts';

/** Hears every whole frame of one track as it came, before it is decoded. */
export type TrackTap = (frame: Omit<TrackFrame, 'track'>) => void;
