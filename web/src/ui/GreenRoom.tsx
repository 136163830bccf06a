import type { Capture, CaptureState } from '../media/capture.ts';
import type { RoomSession } from '../room/session.ts';
import { CaptureProblems } from './CaptureProblems.tsx';
import { DevicePicker } from './DevicePicker.tsx';
import { LevelMeter } from './LevelMeter.tsx';
import { LobbyHead } from './LobbyHead.tsx';
import { OwnSwitches } from './OwnSwitches.tsx';
import { Preview } from './Preview.tsx';
import { useShortcuts } from './useShortcuts.ts';
import { useStore } from './useStore.ts';
import { roleWords } from './words.ts';

interface GreenRoomProps {
  session: RoomSession;
  capture: Capture;
}

/** Before going on stage: see oneself, choose devices, join. */
export function GreenRoom({ session, capture }: GreenRoomProps) {
  const state = useStore(capture.store, (each) => each);
  const { name, role } = session.claims;
  useShortcuts(true, {
    microphone: () => capture.toggleMicrophone(),
    camera: () => capture.toggleCamera(),
  });
  return (
    <main class="page lobby green-room" data-test="green-room">
      <LobbyHead session={session} />
      <div class="green-room-grid">
        <section class="mirror" aria-label="Your picture and sound">
          {state.stage === 'ready' ? (
            <>
              <Preview track={state.video} name={name} />
              <Switches state={state} capture={capture} />
            </>
          ) : (
            <Explain state={state} onAsk={() => void capture.ask()} />
          )}
        </section>
        <section class="green-room-side" aria-label="Join">
          <p class="who">
            <strong data-test="own-name">{name || 'Guest'}</strong>
            <span class="role">{roleWords[role]}</span>
          </p>
          {state.stage === 'ready' && <Devices state={state} capture={capture} />}
          <JoinButton session={session} capture={capture} state={state} />
        </section>
      </div>
    </main>
  );
}

function Explain({ state, onAsk }: { state: CaptureState; onAsk(): void }) {
  const asking = state.stage === 'asking';
  return (
    <div class="explain">
      <p>
        {asking
          ? 'Your browser asks whether this page may use them. Choose “Allow”.'
          : 'To be seen and heard, let this page use your camera and microphone. Nobody sees you before you join.'}
      </p>
      <button type="button" class="button primary" data-test="allow" disabled={asking} onClick={onAsk}>
        {asking ? 'Waiting for your answer…' : 'Use camera and microphone'}
      </button>
    </div>
  );
}

function Switches({ state, capture }: { state: CaptureState; capture: Capture }) {
  return (
    <div class="mirror-bar">
      <OwnSwitches state={state} capture={capture} onStage={false} />
      <LevelMeter track={state.microphoneOn ? state.audio : null} />
    </div>
  );
}

function Devices({ state, capture }: { state: CaptureState; capture: Capture }) {
  const { audioProblem, videoProblem, devices } = state;
  return (
    <>
      <CaptureProblems audio={audioProblem} video={videoProblem} onRetry={() => void capture.ask()} />
      {(devices.cameras.length > 0 || devices.microphones.length > 0) && <DevicePicker capture={capture} />}
    </>
  );
}

function JoinButton({ session, capture, state }: GreenRoomProps & { state: CaptureState }) {
  const known = useStore(session.store, ({ room }) => room !== null);
  const { stage, audio, video, cameraOn } = state;
  const how = audio && video ? null : audio ? 'sound only' : video ? 'camera only' : 'listening only';
  const listenOnly = () => {
    void capture.setMicrophone(false);
    void capture.setCamera(false);
    session.enter();
  };
  const plain = stage !== 'ready' || (audio !== null && !cameraOn) || how === null;
  return (
    <div class="join">
      <button
        type="button"
        class={`button large ${stage === 'ready' ? 'primary' : ''}`}
        data-test="join"
        data-with={stage === 'ready' ? (how ?? 'both') : 'none'}
        disabled={stage !== 'ready' || !known}
        onClick={() => session.enter()}
      >
        {plain ? 'Join' : `Join, ${how}`}
      </button>
      {stage === 'idle' && (
        <button
          type="button"
          class="button text"
          data-test="listen-only"
          disabled={!known}
          onClick={listenOnly}
        >
          Join without camera and microphone
        </button>
      )}
    </div>
  );
}
