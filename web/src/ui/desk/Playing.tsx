import { useEffect, useState } from 'preact/hooks';
import type { MediaView } from '../../../../src/live/contract.ts';
import { positionAt } from '../../room/mediaPosition.ts';
import type { ServerClock } from '../../room/serverClock.ts';
import type { RoomSession } from '../../room/session.ts';
import { ask } from '../ask.ts';
import { IconButton } from '../IconButton.tsx';
import { clockTime } from '../words.ts';
import { decibels } from './decibels.ts';
import { Slider } from './fields.tsx';

const states: Record<MediaView['state'], string> = {
  playing: 'Playing',
  paused: 'Paused',
  ended: 'Ended',
  failed: 'Failed',
};

/** A file that plays: pause, place, loop, loudness, end. */
export function Playing({ session, media }: { session: RoomSession; media: MediaView }) {
  const { id, file, state, loop, durationMs, volumeDb, error, type } = media;
  const position = usePosition(media, session.clock);
  const set = (change: {
    state?: 'playing' | 'paused';
    positionMs?: number;
    loop?: boolean;
    volumeDb?: number;
  }) => void ask(session, 'set-media', { media: id, ...change });
  const isImage = type.startsWith('image/');
  const plays = state === 'playing';
  return (
    <article class="playing" aria-label={file} data-test="playing" data-file={file} data-state={state}>
      <div class="desk-row">
        <span class="person-text">
          <span class="person-name" title={file}>
            {file}
          </span>
          <span class="person-detail">{error ? `${states[state]}: ${error}` : states[state]}</span>
        </span>
        {!isImage && (
          <>
            <IconButton
              icon={plays ? 'pause' : 'play'}
              label={plays ? `Pause ${file}` : `Play ${file}`}
              test="media-play"
              onPress={() => set({ state: plays ? 'paused' : 'playing' })}
            />
            <IconButton
              icon="loop"
              label={`Repeat ${file}`}
              test="media-loop"
              pressed={loop}
              onPress={() => set({ loop: !loop })}
            />
          </>
        )}
        <IconButton
          icon="close"
          label={`End ${file}`}
          test="media-stop"
          onPress={() => void ask(session, 'stop-media', { media: id })}
        />
      </div>
      {durationMs !== null && !isImage && (
        <Slider
          label={`Position in ${file}`}
          hidden
          test="media-position"
          {...{ min: 0, max: Math.round(durationMs), step: 100, value: Math.round(position) }}
          format={(ms) => `${clockTime(ms)} / ${clockTime(durationMs)}`}
          onSet={(positionMs) => set({ positionMs })}
        />
      )}
      {!isImage && (
        <Slider
          label="Volume"
          test="media-volume"
          {...{ min: -40, max: 20, step: 1, value: volumeDb, format: decibels }}
          onSet={(db) => set({ volumeDb: db })}
        />
      )}
    </article>
  );
}

const LOOK_EVERY_MS = 500;

/** Where it is, twice a second while it plays. */
function usePosition(media: MediaView, clock: ServerClock): number {
  const [, again] = useState({});
  const { state } = media;
  useEffect(() => {
    if (state !== 'playing') return;
    const timer = setInterval(() => again({}), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [state]);
  return positionAt(media, clock.nowMs());
}
