import type { LayoutDocument, ParticipantView, RoomView } from '../../../../src/live/contract.ts';
import { layoutDocument, layoutNames } from '../../../../src/rooms/layout/documents.ts';
import type { Attention } from '../../../../src/rooms/layout/types.ts';
import { type Sketched, sketch } from '../../room/layoutSketch.ts';
import type { RoomSession } from '../../room/session.ts';
import { ask } from '../ask.ts';
import { initials } from '../initials.ts';
import { useStore } from '../useStore.ts';

/** The layouts a host can choose, each drawn with those who are on stage now. */
export function LayoutPicker({ session, room }: { session: RoomSession; room: RoomView }) {
  const { people, floor } = useStore(session.store, (state) => ({
    people: state.people,
    floor: state.floor,
  }));
  const sketched = sketchedOf(room, people);
  const attention = { floor, spotlight: room.spotlight };
  const { name, document } = room.layout;
  const own = layoutDocument(name) ? [] : [{ name, layout: document as LayoutDocument }];
  const layouts = [...layoutNames.map((each) => ({ name: each, layout: each })), ...own];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be a form's; these act at once.
    <div class="layouts" role="group" aria-label="Layout of the picture" data-test="layouts">
      {layouts.map((each) => (
        <button
          key={each.name}
          type="button"
          class="layout-option"
          aria-pressed={each.name === name}
          data-test={`layout-${each.name}`}
          onClick={() => void ask(session, 'set-room', { layout: each.layout as string })}
        >
          <Drawing layout={each.layout} people={sketched} attention={attention} />
          <span>{labels[each.name] ?? each.name}</span>
        </button>
      ))}
    </div>
  );
}

export const labels: Record<string, string> = {
  grid: 'Grid',
  stage: 'Speaker',
  presentation: 'Presentation',
  pip: 'Picture in picture',
  solo: 'One alone',
  'side-by-side': 'Side by side',
  auto: 'Automatic',
};

interface DrawingProps {
  layout: string | LayoutDocument;
  people: readonly Sketched[];
  attention: Attention;
}

/** A layout in small, as the mixer would draw it. */
function Drawing({ layout, people, attention }: DrawingProps) {
  const { tiles, overflow } = sketch(layout, people, attention);
  return (
    <svg class="drawing" viewBox="0 0 160 90" aria-hidden="true" focusable="false">
      {tiles.map(({ key, kind, label, x, y, w, h }) => (
        <g key={key} class={kind}>
          <rect x={x * 160 + 1} y={y * 90 + 1} width={w * 160 - 2} height={h * 90 - 2} rx="3" />
          {h > 0.15 && (
            <text x={(x + w / 2) * 160} y={(y + h / 2) * 90} font-size={Math.min(22, h * 34)}>
              {label}
            </text>
          )}
        </g>
      ))}
      {overflow && (
        <text
          class="more"
          x={Math.min(150, (overflow.x + overflow.w / 2) * 160)}
          y={(overflow.y + overflow.h / 2) * 90}
        >
          +{overflow.count}
        </text>
      )}
    </svg>
  );
}

/** Everybody on stage, and what is shared and played, in the order in which they came. */
function sketchedOf({ layout, media }: RoomView, people: readonly ParticipantView[]): Sketched[] {
  const cameras = [...people]
    .filter(({ onStage }) => onStage)
    .sort((one, other) => one.joinedAt.localeCompare(other.joinedAt))
    .map(({ id, role, name }) => ({ participant: id, kind: 'camera' as const, role, label: initials(name) }));
  const screens = layout.tiles
    .filter(({ kind }) => kind === 'screen')
    .map(({ participant }) => ({ participant, kind: 'screen' as const, label: '▤' }));
  const films = media
    .filter(({ type, state }) => !type.startsWith('audio/') && (state === 'playing' || state === 'paused'))
    .map(({ id }) => ({ participant: id, kind: 'media' as const, label: '▶' }));
  return [...cameras, ...screens, ...films];
}
