import { useEffect, useRef, useState } from 'preact/hooks';
import { toggleFullScreen } from '../media/fullScreen.ts';
import type { RoomSession } from '../room/session.ts';
import { Controls } from './Controls.tsx';
import { DevicesDialog } from './DevicesDialog.tsx';
import { BelowDialogs } from './Dialog.tsx';
import { Desk } from './desk/Desk.tsx';
import { InviteDialog } from './InviteDialog.tsx';
import { NoticeList } from './NoticeList.tsx';
import { OutputsDialog } from './OutputsDialog.tsx';
import { OwnState } from './OwnState.tsx';
import { PeoplePanel } from './PeoplePanel.tsx';
import { Program } from './Program.tsx';
import { QualityDialog } from './QualityDialog.tsx';
import { RecordingDialog } from './RecordingDialog.tsx';
import { RoomHeader } from './RoomHeader.tsx';
import { SelfView } from './SelfView.tsx';
import { StatsOverlay } from './StatsOverlay.tsx';
import { useFocusKept } from './useFocusKept.ts';
import { useShortcuts } from './useShortcuts.ts';
import { useStore } from './useStore.ts';

type Open = 'devices' | 'invite' | 'recordings' | 'outputs' | 'quality' | null;

/** The room itself: program, people, controls. */
export function Live({ session }: { session: RoomSession }) {
  const whole = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<Open>(null);
  const [panel, setPanel] = useState(() => session.isHost && innerWidth >= 1024);
  const [stats, setStats] = useState(false);
  // Roles can change.
  useStore(session.store, (state) => state.you?.role);
  const announcement = useStore(session.store, (state) => state.announcement);
  const { speaker, audience } = session;
  const { sound } = audience;
  const capture = speaker?.capture ?? null;
  const fullScreen = () =>
    frame.current && void toggleFullScreen(frame.current, audience.current?.program?.video ?? null);
  useShortcuts(speaker !== null, {
    microphone: () => capture?.toggleMicrophone(),
    camera: () => capture?.toggleCamera(),
    sound: () => sound.setMuted(!sound.store.get().muted),
    'full-screen': fullScreen,
    stats: () => setStats((shown) => !shown),
    quality: () => setOpen('quality'),
  });
  const idle = useIdle(frame);
  useFocusKept(whole);
  useEffect(() => whole.current?.querySelector('h1')?.focus(), []);
  const notices = <NoticeList session={session} onDevices={() => setOpen('devices')} />;
  return (
    <div
      ref={whole}
      class={`room ${panel ? 'with-panel' : ''}`}
      data-test="live"
      data-role={session.claims.role}
    >
      <RoomHeader
        session={session}
        onInvite={() => setOpen('invite')}
        onRecordings={() => setOpen('recordings')}
        onOutputs={() => setOpen('outputs')}
      />
      <div class={`frame ${idle ? 'idle' : ''}`} ref={frame}>
        <main class="stage" aria-label="Program">
          <Program session={session} />
          {capture && <SelfView session={session} capture={capture} />}
          {stats && <StatsOverlay session={session} onClose={() => setStats(false)} />}
          {!open && notices}
        </main>
        <Controls
          session={session}
          panelOpen={panel}
          onPanel={() => setPanel(!panel)}
          onDevices={() => setOpen('devices')}
          onQuality={() => setOpen('quality')}
          onStats={() => setStats(!stats)}
          onFullScreen={fullScreen}
        />
      </div>
      {session.isHost ? (
        <Desk session={session} onClose={() => setPanel(false)} onInvite={() => setOpen('invite')} />
      ) : (
        <PeoplePanel session={session} onClose={() => setPanel(false)} />
      )}
      <p class="for-screen-readers" role="status" aria-live="polite" data-test="announcement">
        {announcement}
      </p>
      {capture && <OwnState capture={capture} />}
      <BelowDialogs.Provider value={open && notices}>
        {open === 'devices' && capture && <DevicesDialog capture={capture} onClose={() => setOpen(null)} />}
        {open === 'recordings' && <RecordingDialog session={session} onClose={() => setOpen(null)} />}
        {open === 'outputs' && <OutputsDialog session={session} onClose={() => setOpen(null)} />}
        {open === 'quality' && <QualityDialog session={session} onClose={() => setOpen(null)} />}
        {open === 'invite' && <InviteDialog session={session} onClose={() => setOpen(null)} />}
      </BelowDialogs.Provider>
    </div>
  );
}

const IDLE_AFTER_MS = 3000;

/** True in full screen after a while without a movement or key: the controls may step back. */
function useIdle(frame: { current: HTMLElement | null }): boolean {
  const [idle, setIdle] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stir = () => {
      setIdle(false);
      clearTimeout(timer);
      if (document.fullscreenElement !== frame.current) return;
      timer = setTimeout(() => setIdle(true), IDLE_AFTER_MS);
    };
    const events = ['pointermove', 'pointerdown', 'keydown', 'focusin'] as const;
    for (const name of events) addEventListener(name, stir);
    document.addEventListener('fullscreenchange', stir);
    return () => {
      clearTimeout(timer);
      for (const name of events) removeEventListener(name, stir);
      document.removeEventListener('fullscreenchange', stir);
    };
  }, []);
  return idle;
}
