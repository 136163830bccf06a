import { useEffect, useState } from 'preact/hooks';
import type { DeliveryView } from '../../../src/live/contract.ts';
import { type Reading, readStatistics, type StatsEntry } from '../media/statistics.ts';
import type { RoomSession } from '../room/session.ts';
import { IconButton } from './IconButton.tsx';

type Readings = { program: Reading | null; upload: Reading | null; delivery: DeliveryView | null };

type Looked = 'program' | 'upload';

/** What arrives and, for speakers, what is sent: once a second. */
export function StatsOverlay({ session, onClose }: { session: RoomSession; onClose(): void }) {
  const { program, upload, delivery } = useReadings(session);
  return (
    <section class="stats" aria-label="Statistics" data-test="stats-overlay">
      <IconButton icon="close" label="Close statistics" test="stats-close" onPress={onClose} />
      <Table caption="Program" reading={program} delivery={delivery} />
      {session.speaker && <Table caption="You send" reading={upload} delivery={null} />}
    </section>
  );
}

function useReadings(session: RoomSession): Readings {
  const [readings, setReadings] = useState<Readings>({ program: null, upload: null, delivery: null });
  useEffect(() => {
    let ended = false;
    const before: Record<Looked, StatsEntry[]> = { program: [], upload: [] };
    const look = async (which: Looked, direction: 'in' | 'out') => {
      const report = await session.connections[which]?.getStats().catch(() => null);
      if (!report) return null;
      const now = [...report.values()] as StatsEntry[];
      const reading = readStatistics(now, before[which], direction);
      before[which] = now;
      return reading;
    };
    const both = async () => {
      const looks = [look('program', 'in'), look('upload', 'out'), session.quality.look()] as const;
      const [program, upload, delivery] = await Promise.all(looks);
      if (!ended) setReadings({ program, upload, delivery });
    };
    void both();
    const timer = setInterval(() => void both(), 1000);
    return () => {
      ended = true;
      clearInterval(timer);
    };
  }, [session]);
  return readings;
}

interface TableProps {
  caption: string;
  reading: Reading | null;
  delivery: DeliveryView | null;
}

function Table({ caption, reading, delivery }: TableProps) {
  return (
    <table>
      <caption>{caption}</caption>
      <tbody>
        {[...rows(reading), ...sent(delivery)].map(([label, value]) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What the server says of it: the rendition that is sent, and what it believes the downlink to carry. */
function sent(delivery: DeliveryView | null): [string, string][] {
  const now = delivery?.sessions.at(-1);
  if (!now) return [];
  const { height, estimateKbps } = now;
  const limit = delivery?.maxHeight == null ? '' : ` (at most ${delivery.maxHeight}p)`;
  return [
    ['Rendition', height === null ? '–' : height === 0 ? `sound only` : `${height}p${limit}`],
    ['Estimate', estimateKbps === null ? '–' : `${Math.round(estimateKbps)} kbit/s`],
  ];
}

/** Of several pictures how many; the rest is said of the largest. */
const count = (reading: Reading | null) => (reading && reading.pictures > 1 ? `${reading.pictures} ×` : null);

function rows(reading: Reading | null): [string, string][] {
  const unit = (value: number | null | undefined, name: string) => (value == null ? '–' : `${value} ${name}`);
  const size = reading?.widthPx ? `${reading.widthPx} × ${reading.heightPx}` : '–';
  const lines: [string, string][] = [
    ['Picture', [count(reading), size, reading?.codec].filter(Boolean).join(' ')],
    ['Frame rate', unit(reading?.fps, 'fps')],
    ['Bit rate', `${unit(reading?.videoKbps, 'kbit/s')} + ${unit(reading?.audioKbps, 'kbit/s')}`],
    ['Loss', reading?.loss == null ? '–' : `${(reading.loss * 100).toFixed(1)} %`],
    ['Round trip', unit(reading?.rttMs, 'ms')],
  ];
  if (reading?.jitterBufferMs != null) lines.push(['Jitter buffer', unit(reading.jitterBufferMs, 'ms')]);
  if (reading?.freezes != null) lines.push(['Freezes', String(reading.freezes)]);
  if (reading?.limitedBy && reading.limitedBy !== 'none') lines.push(['Limited by', reading.limitedBy]);
  return lines;
}
