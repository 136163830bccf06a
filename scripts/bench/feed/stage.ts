import type { AddTrack, VideoCodec } from '../../../mixer/protocol/control.ts';
import type { Clips } from '../clips/makeClips.ts';
import { clip, participantOf, speakers } from '../program.ts';
import type { FedTrack } from './feeder.ts';
import { audioTrack, videoTrack } from './loopedTrack.ts';

/** All tracks of the four speakers, whose cameras do not tick together. */
export function stageTracks(clips: Clips, codec: VideoCodec): FedTrack[] {
  return speakers.flatMap((speaker) => [
    {
      number: 1 + speaker,
      phaseUs: (speaker * 1e6) / clip.fps / speakers.length,
      track: videoTrack(clips.video(speaker, codec), codec, 0x5eed0100 + speaker),
    },
    {
      number: 11 + speaker,
      phaseUs: 2000 + speaker * 5000,
      track: audioTrack(clips.audio(speaker), 0x5eed0200 + speaker),
    },
  ]);
}

export function announce(fed: FedTrack): AddTrack {
  return {
    type: 'add-track',
    track: fed.number,
    participant: participantOf((fed.number - 1) % 10),
    kind: 'camera',
    codec: fed.track.codec,
    clockRate: fed.track.clockRate,
  };
}
