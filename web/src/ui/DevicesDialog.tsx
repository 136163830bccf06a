import type { Capture } from '../media/capture.ts';
import { CaptureProblems } from './CaptureProblems.tsx';
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
      <CaptureProblems audio={audioProblem} video={videoProblem} onRetry={retry} />
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
