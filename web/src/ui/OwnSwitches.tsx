import type { Capture, CaptureState } from '../media/capture.ts';
import { IconButton } from './IconButton.tsx';

interface Props {
  state: Pick<CaptureState, 'microphoneOn' | 'cameraOn' | 'audio' | 'video'>;
  capture: Capture;
  /** On stage the buttons are switches; before, one without a microphone cannot be used. */
  onStage: boolean;
}

/** One's own microphone and camera, on and off. */
export function OwnSwitches({ state, capture, onStage }: Props) {
  const { microphoneOn, cameraOn, audio, video } = state;
  const heard = microphoneOn && audio !== null;
  const seen = cameraOn && video !== null;
  return (
    <>
      <IconButton
        icon={heard ? 'microphone' : 'microphone-off'}
        label={heard || onStage ? 'Mute' : 'Unmute'}
        hint={heard ? 'Mute' : 'Unmute'}
        shortcut="m"
        test="mute"
        tone={heard ? 'plain' : 'off'}
        pressed={onStage ? !heard : undefined}
        disabled={!onStage && !audio}
        onPress={() => capture.toggleMicrophone()}
      />
      <IconButton
        icon={seen ? 'camera' : 'camera-off'}
        label={seen || onStage ? 'Switch camera off' : 'Switch camera on'}
        hint={seen ? 'Switch camera off' : 'Switch camera on'}
        shortcut="v"
        test="camera"
        tone={seen ? 'plain' : 'off'}
        pressed={onStage ? !seen : undefined}
        onPress={() => capture.toggleCamera()}
      />
    </>
  );
}
