import type { Capture } from '../media/capture.ts';
import { CaptureProblemCard } from './CaptureProblemCard.tsx';
import { DevicePicker } from './DevicePicker.tsx';
import { Dialog } from './Dialog.tsx';
import { LevelMeter } from './LevelMeter.tsx';
import { useStore } from './useStore.ts';

/** Other devices, while live. */
export function DevicesDialog({ capture, onClose }: { capture: Capture; onClose(): void }) {
  const { audio, audioProblem, videoProblem } = useStore(capture.store, (state) => state);
  const retry = () => void capture.ask();
  return (
    <Dialog title="Camera and microphone" test="devices-dialog" onClose={onClose}>
      {videoProblem && <CaptureProblemCard device="camera" problem={videoProblem} onRetry={retry} />}
      {audioProblem && <CaptureProblemCard device="microphone" problem={audioProblem} onRetry={retry} />}
      <DevicePicker capture={capture} />
      <LevelMeter track={audio} />
      <div class="dialog-actions">
        <button type="button" class="button primary" onClick={onClose}>
          Done
        </button>
      </div>
    </Dialog>
  );
}
