import { useEffect, useState } from 'preact/hooks';
import type { LinkedRecording } from '../../../src/signaling/messages.ts';
import type { RoomSession } from '../room/session.ts';
import { ask } from './ask.ts';
import { Dialog } from './Dialog.tsx';
import { Elapsed } from './RecordingBadge.tsx';
import { useStore } from './useStore.ts';
import { clockTime, fileSize } from './words.ts';

/** What a host does about recordings: begin, pause, end, watch, save. */
export function RecordingDialog({ session, onClose }: { session: RoomSession; onClose(): void }) {
  const { running, heardAtMs } = useStore(session.store, (state) => ({
    running: state.recordings,
    heardAtMs: state.recordingsHeardAtMs,
  }));
  const [format, setFormat] = useState<'mp4' | 'webm'>('mp4');
  const [tracks, setTracks] = useState(false);
  const [starting, setStarting] = useState(false);
  const change = (recording: string, state: 'paused' | 'recording' | 'finished') =>
    void ask(session, 'set-recording', { recording, state });
  const mark = async (recording: string) => {
    const answer = await ask(session, 'mark-chapter', { recording });
    const chapter = answer?.recording.chapters.at(-1);
    if (!chapter) return;
    const title = `${chapter.title} at ${clockTime(chapter.atMs)}`;
    session.notices.show({ topic: 'chapter', title });
  };
  const start = async () => {
    setStarting(true);
    await ask(session, 'start-recording', { format, tracks });
    setStarting(false);
  };
  return (
    <Dialog title="Recordings" test="recording-dialog" onClose={onClose}>
      {running.map((recording) => (
        <div key={recording.id} class="recording-row" data-test="recording-running">
          <span>
            <span class="recording-dot" aria-hidden="true" /> {recording.format}{' '}
            <Elapsed recording={recording} heardAtMs={heardAtMs} />
            {recording.tracks && ' with tracks'}
          </span>
          <span class="dialog-actions">
            <Act
              label="Mark"
              title="Sets a chapter mark at this moment"
              test="recording-mark"
              onPress={() => void mark(recording.id)}
            />
            {recording.state === 'recording' ? (
              <Act label="Pause" test="recording-pause" onPress={() => change(recording.id, 'paused')} />
            ) : (
              <Act label="Resume" test="recording-resume" onPress={() => change(recording.id, 'recording')} />
            )}
            <Act label="Stop" test="recording-stop" onPress={() => change(recording.id, 'finished')} />
          </span>
        </div>
      ))}
      <div class="recording-row">
        <label class="field">
          <span class="for-screen-readers">Format</span>
          <select
            value={format}
            data-test="recording-format"
            onChange={(event) => setFormat(event.currentTarget.value as 'mp4' | 'webm')}
          >
            <option value="mp4">MP4</option>
            <option value="webm">WebM</option>
          </select>
        </label>
        <label
          class="role-choice"
          title="Each speaker's own picture and sound, as they were sent, for editing later"
        >
          <input
            type="checkbox"
            checked={tracks}
            data-test="recording-tracks"
            onChange={(event) => setTracks(event.currentTarget.checked)}
          />
          <span>Speakers' tracks, too</span>
        </label>
        <button
          type="button"
          class="button primary"
          data-test="recording-start"
          disabled={starting || running.some((one) => one.format === format)}
          onClick={() => void start()}
        >
          {starting ? 'Starting…' : 'Record'}
        </button>
      </div>
      <Past session={session} />
    </Dialog>
  );
}

interface ActProps {
  label: string;
  test: string;
  title?: string;
  onPress(): void;
}

function Act({ label, test, title, onPress }: ActProps) {
  return (
    <button type="button" class="button small" title={title} data-test={test} onClick={onPress}>
      {label}
    </button>
  );
}

/** Those that are over; asked for anew whenever the server says that something changed. */
function Past({ session }: { session: RoomSession }) {
  const heardAtMs = useStore(session.store, (state) => state.recordingsHeardAtMs);
  const [recordings, setRecordings] = useState<LinkedRecording[]>([]);
  const [playing, setPlaying] = useState<string | null>(null);
  useEffect(() => {
    let isGone = false;
    void ask(session, 'recordings', {}).then((answer) => {
      if (answer && !isGone) setRecordings(answer.recordings);
    });
    return () => {
      isGone = true;
    };
  }, [heardAtMs]);
  const over = recordings.filter(({ state }) => state === 'finished' || state === 'failed');
  if (over.length === 0) return <p class="quiet">No recording is finished yet.</p>;
  return (
    <ul class="recordings" data-test="recordings">
      {over.map((recording) => (
        <li key={recording.id}>
          <span>
            {new Date(recording.startedAt).toLocaleString()} · {clockTime(recording.durationMs)}
            {recording.state === 'failed' && <em class="problem-text"> {recording.reason}</em>}
          </span>
          {recording.files.map(({ name, bytes, type, url }) => (
            <span key={name} class="recording-row">
              <span class="quiet">
                {isProgram(name, recording) ? recording.format : name}, {fileSize(bytes)}
              </span>
              <span class="dialog-actions">
                {/^(video|audio)\//.test(type) && (
                  <Act
                    label={playing === url ? 'Close' : 'Play'}
                    test={isProgram(name, recording) ? 'recording-play' : 'recording-play-track'}
                    onPress={() => setPlaying(playing === url ? null : url)}
                  />
                )}
                <a
                  class="button small"
                  href={`${url}&download`}
                  data-test={isProgram(name, recording) ? 'recording-download' : 'recording-download-part'}
                >
                  Download
                </a>
              </span>
            </span>
          ))}
          {recording.files.some(({ url }) => url === playing) && (
            // biome-ignore lint/a11y/useMediaCaption: nobody has written any.
            <video src={playing ?? undefined} controls autoplay playsInline data-test="recording-player" />
          )}
        </li>
      ))}
    </ul>
  );
}

/** Beside it there may be tracks, a poster and a timeline. */
const isProgram = (name: string, { format }: LinkedRecording): boolean =>
  name.endsWith(`.${format}`) && !name.startsWith('track-');
