import type { AddTrack, VideoCodec } from '../../../mixer/protocol/control.ts';
import type { Clips } from '../clips/makeClips.ts';
import { clip, participantOf, speakers } from '../program.ts';
import type { FedTrack } from './feeder.ts';
import { audioTrack, videoTrack } from './loopedTrack.ts';

/** Sound has numbers from here on, pictures those below; a screen has the one above both. */
const SOUND = 100;
const SCREEN = 200;

/** All tracks of so many speakers, whose cameras do not tick together. Their clips are given out in turn. */
export function stageTracks(clips: Clips, codec: VideoCodec, count: number = speakers.length): FedTrack[] {
  return Array.from({ length: count }, (_, speaker) => {
    const shown = speaker % speakers.length;
    return [
      {
        number: 1 + speaker,
        phaseUs: (speaker * 1e6) / clip.fps / count,
        track: videoTrack(clips.video(shown, codec), codec, 0x5eed0100 + speaker, clips.form),
      },
      {
        number: SOUND + 1 + speaker,
        phaseUs: 2000 + ((speaker * 5000) % 20_000),
        track: audioTrack(clips.audio(shown), 0x5eed0200 + speaker),
      },
    ];
  }).flat();
}

/** The first speaker's screen: a file of so many pictures a second. */
export function screenTrack(file: string, codec: VideoCodec, fps: number): FedTrack {
  const sending = { fps, videoKbps: clip.videoKbps };
  return { number: SCREEN + 1, phaseUs: 0, track: videoTrack(file, codec, 0x5eed0300, sending) };
}

export function announce(fed: FedTrack): AddTrack {
  return {
    type: 'add-track',
    track: fed.number,
    participant: participantOf((fed.number - 1) % SOUND),
    kind: fed.number > SCREEN ? 'screen' : 'camera',
    codec: fed.track.codec,
    clockRate: fed.track.clockRate,
  };
}
