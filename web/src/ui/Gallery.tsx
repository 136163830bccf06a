import { useEffect, useRef, useState } from 'preact/hooks';
import type { Canvas } from '../../../src/rooms/layout/types.ts';
import type { Gallery as Streams } from '../media/gallery.ts';
import type { Sound } from '../media/sound.ts';
import { type GalleryTile, galleryTiles } from '../room/galleryTiles.ts';
import type { RoomSession } from '../room/session.ts';
import { Icon } from './icons.tsx';
import { initials } from './initials.ts';
import { useStore } from './useStore.ts';

interface GalleryProps {
  session: RoomSession;
  gallery: Streams;
  /** False while something else is still seen: it plays behind that. */
  shown: boolean;
}

/** The speakers one by one, laid out as the mixer lays them out, and the sound of all. */
export function Gallery({ session, gallery, shown }: GalleryProps) {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useSize(frame);
  const { pictures, sounds, heard } = useStore(gallery.store, (state) => state);
  const { room, people, floor } = useStore(session.store, (state) => ({
    room: state.room,
    people: state.people,
    floor: state.floor,
  }));
  const me = session.claims.participant;
  const attention = { floor, spotlight: room?.spotlight ?? null };
  const tiles = room && canvas ? galleryTiles(room, people, me, canvas, attention) : [];
  return (
    <div ref={frame} class={`gallery ${shown ? '' : 'waiting'}`} data-test="gallery" data-shown={shown}>
      {tiles.map((tile) => (
        <Tile
          key={tile.key}
          session={session}
          tile={tile}
          gallery={gallery}
          stream={pictures[tile.key] ?? null}
        />
      ))}
      {room && tiles.length === 0 && <Slate title={room.title} live={room.live} />}
      {heard &&
        sounds.map(({ key, stream, gain }) => (
          <Voice key={key} sound={session.audience.sound} stream={stream} gain={gain} who={key} />
        ))}
    </div>
  );
}

interface TileProps {
  session: RoomSession;
  tile: GalleryTile;
  gallery: Streams;
  stream: MediaStream | null;
}

function Tile({ session, tile, gallery, stream }: TileProps) {
  const { participant, kind, name, state, fit, x, y, w, h, z } = tile;
  const { speaking, muted } = useStore(session.store, ({ levels, people }) => {
    const person = people.find(({ id }) => id === participant);
    const muted = person?.audio === 'muted';
    return { muted, speaking: !muted && (levels[participant]?.speaking ?? person?.speaking ?? false) };
  });
  const pictured = stream !== null && (state === 'live' || state === 'poor');
  const place = {
    left: `${x * 100}%`,
    top: `${y * 100}%`,
    width: `${w * 100}%`,
    height: `${h * 100}%`,
    zIndex: z,
  };
  return (
    <figure
      class={`tile ${state} ${speaking && kind === 'camera' ? 'speaking' : ''}`}
      style={place}
      data-test="tile"
      data-person={participant}
      data-kind={kind}
      data-state={state}
    >
      {pictured ? (
        <Picture stream={stream} fit={fit} name={name} onPicture={() => gallery.isReady()} />
      ) : (
        <span class="avatar" aria-hidden="true">
          {initials(name)}
        </span>
      )}
      {state === 'reconnecting' && <span class="tile-sign">Reconnecting…</span>}
      {state === 'poor' && <span class="tile-sign">Poor connection</span>}
      <figcaption class="tile-name">
        {muted && kind === 'camera' && <Icon name="microphone-off" />}
        <span>{kind === 'screen' ? `${name} · screen` : name}</span>
      </figcaption>
    </figure>
  );
}

interface PictureProps {
  stream: MediaStream;
  fit: 'cover' | 'contain';
  name: string;
  onPicture(): void;
}

function Picture({ stream, fit, name, onPicture }: PictureProps) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current!;
    element.muted = true;
    element.srcObject = stream;
    // Without sound it plays anywhere; what ends it is the next stream.
    element.play().catch(() => {});
    return () => {
      element.srcObject = null;
    };
  }, [stream]);
  return (
    <video
      ref={video}
      class={`fit-${fit}`}
      playsInline
      autoPlay
      muted
      aria-label={name}
      data-test="tile-video"
      onLoadedData={onPicture}
    />
  );
}

interface VoiceProps {
  sound: Sound;
  stream: MediaStream;
  gain: number;
  who: string;
}

function Voice({ sound, stream, gain, who }: VoiceProps) {
  const audio = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    const element = audio.current!;
    sound.add(element, gain);
    return () => sound.remove(element);
  }, [sound, gain]);
  // By itself: after a reconnection the element has another stream, and still follows the volume.
  useEffect(() => {
    const element = audio.current!;
    element.srcObject = stream;
    void sound.play(element);
    return () => {
      element.srcObject = null;
    };
  }, [sound, stream]);
  // biome-ignore lint/a11y/useMediaCaption: live sound; captions would be a stream of their own.
  return <audio ref={audio} autoPlay data-test="voice" data-voice={who} />;
}

function Slate({ title, live }: { title: string; live: boolean }) {
  return (
    <div class="gallery-slate" data-test="slate">
      <h2>{title}</h2>
      <p>{live ? 'Waiting for speakers' : 'Starting soon'}</p>
    </div>
  );
}

/** Size of an element in even pixels, as the layout solver wants it; null before it is known. */
function useSize(frame: { current: HTMLElement | null }): Canvas | null {
  const [size, setSize] = useState<Canvas | null>(null);
  useEffect(() => {
    const even = (value: number) => Math.max(2, Math.floor(value / 2) * 2);
    const element = frame.current!;
    const measure = () => setSize({ width: even(element.clientWidth), height: even(element.clientHeight) });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
  return size;
}
