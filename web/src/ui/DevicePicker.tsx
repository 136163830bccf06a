import type { Capture } from '../media/capture.ts';
import { deviceIdOf } from '../media/capture.ts';
import type { Device } from '../media/captureProblem.ts';
import type { DeviceChoice } from '../media/devices.ts';
import { useStore } from './useStore.ts';

/** Which camera and microphone. A list of one is still shown: it tells what is in use. */
export function DevicePicker({ capture }: { capture: Capture }) {
  const { devices, audio, video, cameraOn } = useStore(capture.store, (state) => state);
  return (
    <div class="device-picker">
      <Choice
        label="Camera"
        device="camera"
        capture={capture}
        choices={devices.cameras}
        chosen={cameraOn ? deviceIdOf(video) : null}
      />
      <Choice
        label="Microphone"
        device="microphone"
        capture={capture}
        choices={devices.microphones}
        chosen={deviceIdOf(audio)}
      />
    </div>
  );
}

interface ChoiceProps {
  label: string;
  device: Device;
  capture: Capture;
  choices: DeviceChoice[];
  chosen: string | null;
}

function Choice({ label, device, capture, choices, chosen }: ChoiceProps) {
  const none = choices.length === 0;
  return (
    <label class="field">
      <span class="field-label">{label}</span>
      <select
        data-test={`choose-${device}`}
        disabled={none}
        value={chosen ?? ''}
        onChange={(event) => void capture.choose(device, event.currentTarget.value)}
      >
        {(none || !chosen) && (
          <option value="" disabled selected={!chosen}>
            {none ? 'None found' : 'Off'}
          </option>
        )}
        {choices.map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}
