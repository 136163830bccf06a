import { useEffect, useState } from 'preact/hooks';
import type { DeliveryView } from '../../../src/live/contract.ts';
import type { RoomSession } from '../room/session.ts';
import { Dialog } from './Dialog.tsx';
import { useStore } from './useStore.ts';
import { bitRate } from './words.ts';

/** How large a picture one is sent; and what is sent now. */
export function QualityDialog({ session, onClose }: { session: RoomSession; onClose(): void }) {
  const { quality } = session;
  const { pin, spares, renditions } = useStore(quality.store, (state) => state);
  const delivery = useDelivery(session);
  const choices = [
    { value: null, name: 'auto', label: 'Automatic', detail: 'The best that your connection carries' },
    ...renditions.map(({ height, kbps }) => ({
      ...{ value: height, name: String(height), label: `${height}p` },
      detail: `At most ${bitRate(kbps)}`,
    })),
    { value: 0, name: 'sound', label: 'Sound only', detail: 'No picture' },
  ];
  return (
    <Dialog title="Picture quality" test="quality-dialog" onClose={onClose}>
      <fieldset class="roles">
        <legend class="for-screen-readers">Picture quality</legend>
        {choices.map(({ value, name, label, detail }) => (
          <label key={name} class="role-choice">
            <input
              type="radio"
              name="quality"
              data-test={`quality-${name}`}
              checked={pin === value}
              onChange={() => quality.choose(value)}
            />
            <span>
              <strong>{label}</strong> <span class="quiet">{detail}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <label class="role-choice">
        <input
          type="checkbox"
          data-test="spare"
          checked={spares}
          onChange={(event) => quality.setSpares(event.currentTarget.checked)}
        />
        <span>
          <strong>Save data in the background</strong>{' '}
          <span class="quiet">Only sound while this page is hidden</span>
        </span>
      </label>
      <p class="quiet" data-test="quality-now" role="status">
        {describe(delivery)}
      </p>
    </Dialog>
  );
}

const LOOK_EVERY_MS = 2000;

function useDelivery(session: RoomSession): DeliveryView | null {
  const [delivery, setDelivery] = useState<DeliveryView | null>(null);
  useEffect(() => {
    let ended = false;
    const look = async () => {
      const now = await session.quality.look();
      if (!ended) setDelivery(now);
    };
    void look();
    const timer = setInterval(() => void look(), LOOK_EVERY_MS);
    return () => {
      ended = true;
      clearInterval(timer);
    };
  }, [session]);
  return delivery;
}

function describe(delivery: DeliveryView | null): string {
  const now = delivery?.sessions.at(-1);
  if (!now || now.height === null) return '';
  const size = now.height === 0 ? 'Now sound only.' : `Now ${now.height}p.`;
  const carries = now.estimateKbps && `Your connection carries about ${bitRate(now.estimateKbps)}.`;
  return [size, carries].filter(Boolean).join(' ');
}
