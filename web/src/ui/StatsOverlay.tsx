import { useEffect, useState } from 'preact/hooks';
import { type Reading, readStatistics, type StatsEntry } from '../media/statistics.ts';
import type { RoomSession } from '../room/session.ts';
import { IconButton } from './IconButton.tsx';

type Readings = { program: Reading | null; upload: Reading | null };

/** What arrives and, for speakers, what is sent: once a second. */
export function StatsOverlay({ session, onClose }: { session: RoomSession; onClose(): void }) {
  const { program, upload } = useReadings(session);
  return (
    <section class="stats" aria-label="Statistics" data-test="stats-overlay">
      <IconButton icon="close" label="Close statistics" test="stats-close" onPress={onClose} />
      <Table caption="Program" reading={program} />
      {session.speaker && <Table caption="You send" reading={upload} />}
    </section>
  );
}

function useReadings(session: RoomSession): Readings {
  const [readings, setReadings] = useState<Readings>({ program: null, upload: null });
  useEffect(() => {
    let ended = false;
    const before: Record<keyof Readings, StatsEntry[]> = { program: [], upload: [] };
    const look = async (which: keyof Readings, direction: 'in' | 'out') => {
      const report = await session.connections[which]?.getStats().catch(() => null);
      if (!report) return null;
      const now = [...report.values()] as StatsEntry[];
      const reading = readStatistics(now, before[which], direction);
      before[which] = now;
      return reading;
    };
    const both = async () => {
      const [program, upload] = await Promise.all([look('program', 'in'), look('upload', 'out')]);
      if (!ended) setReadings({ program, upload });
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

function Table({ caption, reading }: { caption: string; reading: Reading | null }) {
  return (
    <table>
      <caption>{caption}</caption>
      <tbody>
        {rows(reading).map(([label, value]) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
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
