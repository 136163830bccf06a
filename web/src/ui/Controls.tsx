import type { Capture } from '../media/capture.ts';
import { canPictureInPicture, togglePictureInPicture } from '../media/fullScreen.ts';
import type { Sound } from '../media/sound.ts';
import type { ScreenShare } from '../room/screenShare.ts';
import type { RoomSession } from '../room/session.ts';
import { IconButton } from './IconButton.tsx';
import { OwnSwitches } from './OwnSwitches.tsx';
import { useStore } from './useStore.ts';

interface ControlsProps {
  session: RoomSession;
  panelOpen: boolean;
  onPanel(): void;
  onDevices(): void;
  onQuality(): void;
  onStats(): void;
  onFullScreen(): void;
}

export function Controls(props: ControlsProps) {
  const { session, panelOpen, onPanel, onDevices, onQuality, onStats, onFullScreen } = props;
  const { speaker, share, audience } = session;
  const program = useStore(audience.store, ({ watches }) => watches[0]?.program ?? null);
  return (
    <section class="controls" aria-label="Controls" data-test="controls">
      <div class="controls-group">
        <SoundSwitch sound={audience.sound} shortcut={speaker ? undefined : 'm'} />
      </div>
      <div class="controls-group middle">
        {speaker && <OwnDevices capture={speaker.capture} onDevices={onDevices} />}
        {share && <ShareSwitch share={share} />}
        <IconButton
          icon="leave"
          label="Leave"
          text="Leave"
          tone="danger"
          test="leave"
          onPress={() => session.leave()}
        />
      </div>
      <div class="controls-group end">
        <span class="panel-toggle">
          <IconButton
            icon="people"
            label={session.isHost ? 'Host’s desk' : 'People'}
            pressed={panelOpen}
            test="people"
            onPress={onPanel}
          />
        </span>
        <IconButton icon="quality" label="Picture quality" shortcut="q" test="quality" onPress={onQuality} />
        <span class="roomy">
          <IconButton icon="stats" label="Statistics" shortcut="s" test="stats" onPress={onStats} />
        </span>
        {program && canPictureInPicture() && (
          <span class="roomy">
            <IconButton
              icon="picture-in-picture"
              label="Picture in picture"
              test="picture-in-picture"
              onPress={() => void togglePictureInPicture(program.video)}
            />
          </span>
        )}
        <IconButton
          icon="full-screen"
          label="Full screen"
          shortcut="f"
          test="full-screen"
          onPress={onFullScreen}
        />
      </div>
    </section>
  );
}

function OwnDevices({ capture, onDevices }: { capture: Capture; onDevices(): void }) {
  const state = useStore(capture.store, (all) => all);
  return (
    <>
      <OwnSwitches state={state} capture={capture} onStage />
      <IconButton icon="devices" label="Camera and microphone" test="devices" onPress={onDevices} />
    </>
  );
}

function ShareSwitch({ share }: { share: ScreenShare }) {
  const stage = useStore(share.store, (state) => state.stage);
  return (
    <IconButton
      icon={stage === 'on' ? 'share-stop' : 'share-screen'}
      label="Share your screen"
      hint={stage === 'on' ? 'Stop sharing your screen' : 'Share your screen'}
      test="share-screen"
      pressed={stage === 'on'}
      disabled={stage === 'asking'}
      onPress={() => void share.toggle()}
    />
  );
}

function SoundSwitch({ sound, shortcut }: { sound: Sound; shortcut: string | undefined }) {
  const { muted, volume } = useStore(sound.store, (state) => state);
  const silent = muted || volume === 0;
  return (
    <div class="sound">
      <IconButton
        icon={silent ? 'sound-off' : 'sound'}
        label="Sound off"
        hint={silent ? 'Sound on' : 'Sound off'}
        shortcut={shortcut}
        test="sound"
        pressed={silent}
        onPress={() => sound.setMuted(!silent)}
      />
      <input
        class="volume"
        type="range"
        min="0"
        max="1"
        step="0.05"
        aria-label="Volume"
        title="Volume"
        data-test="volume"
        value={muted ? 0 : volume}
        onInput={(event) => sound.setVolume(Number(event.currentTarget.value))}
      />
    </div>
  );
}
