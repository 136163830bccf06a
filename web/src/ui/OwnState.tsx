import { useEffect, useRef, useState } from 'preact/hooks';
import type { Capture } from '../media/capture.ts';
import { useStore } from './useStore.ts';

/** Says what became of one's own microphone and camera: a key switches them wherever the focus is. */
export function OwnState({ capture }: { capture: Capture }) {
  const { microphoneOn, cameraOn } = useStore(capture.store, (state) => state);
  const [said, setSaid] = useState('');
  const before = useRef({ microphoneOn, cameraOn });
  useEffect(() => {
    if (before.current.microphoneOn !== microphoneOn) setSaid(`Microphone ${microphoneOn ? 'on' : 'off'}.`);
    else if (before.current.cameraOn !== cameraOn) setSaid(`Camera ${cameraOn ? 'on' : 'off'}.`);
    before.current = { microphoneOn, cameraOn };
  }, [microphoneOn, cameraOn]);
  return (
    <p class="for-screen-readers" role="status" data-test="own-state">
      {said}
    </p>
  );
}
