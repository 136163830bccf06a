import { useEffect } from 'preact/hooks';
import type { LibraryFile } from '../../../../src/live/contract.ts';
import type { Upload } from '../../room/library.ts';
import type { RoomSession } from '../../room/session.ts';
import { ask } from '../ask.ts';
import { IconButton } from '../IconButton.tsx';
import { useStore } from '../useStore.ts';
import { fileSize, reasonOf } from '../words.ts';
import { Group } from './fields.tsx';
import { Playing } from './Playing.tsx';
import { ProgramOnly } from './ProgramOnly.tsx';

const ACCEPTED = '.mp4,.webm,.mp3,.png,.jpg,.jpeg,.webp';

/** Films, music and images: what plays, and what could. */
export function MediaSection({ session }: { session: RoomSession }) {
  const { library } = session;
  const media = useStore(session.store, (state) => state.room?.media ?? none);
  const { files, uploads } = useStore(library.store, (state) => state);
  useEffect(() => void library.refresh(), [library]);
  return (
    <>
      <ProgramOnly session={session} what="Media are" />
      <Group title="Playing">
        {media.length === 0 && <p class="quiet">Nothing plays.</p>}
        {media.map((each) => (
          <Playing key={each.id} session={session} media={each} />
        ))}
      </Group>
      <Group title="Files">
        {files.length === 0 && uploads.length === 0 && <p class="quiet">There are no files yet.</p>}
        <ul class="files" data-test="files">
          {files.map((file) => (
            <FileRow key={file.name} session={session} file={file} />
          ))}
          {uploads.map((each) => (
            <UploadRow key={each.id} upload={each} onDismiss={() => library.dismiss(each.id)} />
          ))}
        </ul>
        <label class="button with-icon upload-button">
          <input
            type="file"
            class="for-screen-readers"
            multiple
            accept={ACCEPTED}
            data-test="upload"
            onChange={(event) => {
              for (const file of event.currentTarget.files ?? []) void library.take(file);
              event.currentTarget.value = '';
            }}
          />
          Upload films, music or images
        </label>
      </Group>
    </>
  );
}

const none: never[] = [];

function FileRow({ session, file }: { session: RoomSession; file: LibraryFile }) {
  const { name, kind, bytes, width, height } = file;
  const size = width && height ? `${width} × ${height}, ` : '';
  const remove = async () => {
    if (await ask(session, 'remove-file', { name })) await session.library.refresh();
  };
  return (
    <li data-test="file" data-name={name}>
      <span class="person-text">
        <span class="person-name" title={name}>
          {name}
        </span>
        <span class="person-detail">
          {kinds[kind]}, {size}
          {fileSize(bytes)}
        </span>
      </span>
      <IconButton
        icon="play"
        label={`${kind === 'image' ? 'Show' : 'Play'} ${name}`}
        test="file-play"
        onPress={() => void ask(session, 'start-media', { file: name })}
      />
      <IconButton icon="close" label={`Delete ${name}`} test="file-delete" onPress={() => void remove()} />
    </li>
  );
}

const kinds: Record<LibraryFile['kind'], string> = { image: 'Image', video: 'Film', sound: 'Sound' };

function UploadRow({ upload, onDismiss }: { upload: Upload; onDismiss(): void }) {
  const { name, share, waiting, problem } = upload;
  return (
    <li data-test="upload-row" data-name={name}>
      <span class="person-text">
        <span class="person-name">{name}</span>
        {problem ? (
          <span class="problem-text" role="alert" data-test="upload-problem">
            {reasonOf(problem)}
          </span>
        ) : (
          <progress max="1" value={share} aria-label={`Uploading ${name}`} data-test="upload-progress" />
        )}
        {waiting && <span class="person-detail">Waits until other uploads are done</span>}
      </span>
      <IconButton
        icon="close"
        label={problem ? `Forget ${name}` : `Stop uploading ${name}`}
        test="upload-stop"
        onPress={onDismiss}
      />
    </li>
  );
}
