/** A `getStats` entry; each type has its own members. */
export type StatsEntry = Record<string, unknown> & { type: string; id: string; timestamp: number };

/** One look at a connection, all its pictures and sounds together; null where the browser does not say. */
export interface Reading {
  /** Pictures that arrive: one, or one of each speaker. Size and frame rate are those of the largest. */
  pictures: number;
  widthPx: number | null;
  heightPx: number | null;
  fps: number | null;
  videoKbps: number | null;
  audioKbps: number | null;
  /** Fraction of the packets since the last look, 0..1. */
  loss: number | null;
  jitterBufferMs: number | null;
  rttMs: number | null;
  codec: string | null;
  /** What holds the sent picture back: `bandwidth` or `cpu`. */
  limitedBy: string | null;
  freezes: number | null;
}

/** Compares two looks at a connection. Rates come from the difference, so the first look has none. */
export function readStatistics(now: StatsEntry[], before: StatsEntry[], direction: 'in' | 'out'): Reading {
  const type = direction === 'in' ? 'inbound-rtp' : 'outbound-rtp';
  const of = (kind: string) => now.filter((entry) => entry.type === type && entry.kind === kind);
  const [videos, audios] = [of('video'), of('audio')];
  const video = largest(videos);
  const remote = now.filter((entry) => entry.type === 'remote-inbound-rtp');
  const pair = selectedPair(now);
  const rttS = number(pair?.currentRoundTripTime);
  return {
    pictures: videos.filter((entry) => number(entry.frameHeight)).length,
    widthPx: number(video?.frameWidth),
    heightPx: number(video?.frameHeight),
    fps: number(video?.framesPerSecond),
    videoKbps: sum(videos.map((entry) => rateKbps(entry, before))),
    audioKbps: sum(audios.map((entry) => rateKbps(entry, before))),
    loss: direction === 'in' ? lossIn([...videos, ...audios], before) : lossOut(remote),
    jitterBufferMs: jitterBufferMs(video, before),
    rttMs: rttS === null ? null : Math.round(rttS * 1000),
    codec: codecName(video, now),
    limitedBy: typeof video?.qualityLimitationReason === 'string' ? video.qualityLimitationReason : null,
    freezes: sum(videos.map((entry) => number(entry.freezeCount))),
  };
}

function largest(entries: StatsEntry[]): StatsEntry | undefined {
  const height = (entry: StatsEntry) => number(entry.frameHeight) ?? 0;
  return entries.reduce<StatsEntry | undefined>(
    (found, entry) => (found && height(found) >= height(entry) ? found : entry),
    undefined,
  );
}

/** Of those that are known; null when none is. */
function sum(values: (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? known.reduce((all, value) => all + value, 0) : null;
}

/** Bytes the transport has received: a connection whose count stands still hears nobody. */
export function bytesReceived(entries: StatsEntry[]): number {
  const pair = selectedPair(entries);
  return number(pair?.bytesReceived) ?? 0;
}

/** Over whatever path: an ICE restart begins with another one. */
export function bytesOfAllPairs(entries: StatsEntry[]): number {
  const pairs = entries.filter((entry) => entry.type === 'candidate-pair');
  return sum(pairs.map((entry) => number(entry.bytesReceived))) ?? 0;
}

function selectedPair(entries: StatsEntry[]): StatsEntry | undefined {
  const transport = entries.find((entry) => entry.type === 'transport' && entry.selectedCandidatePairId);
  const pairs = entries.filter((entry) => entry.type === 'candidate-pair');
  return (
    pairs.find((entry) => entry.id === transport?.selectedCandidatePairId) ??
    pairs.find((entry) => entry.nominated === true && entry.state === 'succeeded')
  );
}

function rateKbps(entry: StatsEntry | undefined, before: StatsEntry[]): number | null {
  const old = before.find((each) => each.id === entry?.id);
  if (!entry || !old || entry.timestamp <= old.timestamp) return null;
  const bytes = difference(entry, old, 'bytesReceived') ?? difference(entry, old, 'bytesSent');
  return bytes === null ? null : Math.round((bytes * 8) / (entry.timestamp - old.timestamp));
}

function lossIn(entries: StatsEntry[], before: StatsEntry[]): number | null {
  let lost = 0;
  let received = 0;
  for (const entry of entries) {
    const old = before.find((each) => each.id === entry?.id);
    if (!old) continue;
    lost += Math.max(0, difference(entry, old, 'packetsLost') ?? 0);
    received += difference(entry, old, 'packetsReceived') ?? 0;
  }
  return lost + received > 0 ? lost / (lost + received) : null;
}

function lossOut(remote: StatsEntry[]): number | null {
  const fractions = remote.map((entry) => number(entry.fractionLost)).filter((each) => each !== null);
  return fractions.length > 0 ? Math.max(...fractions) : null;
}

function jitterBufferMs(entry: StatsEntry | undefined, before: StatsEntry[]): number | null {
  const old = before.find((each) => each.id === entry?.id);
  if (!entry || !old) return null;
  const delayS = difference(entry, old, 'jitterBufferDelay');
  const emitted = difference(entry, old, 'jitterBufferEmittedCount');
  return delayS !== null && emitted ? Math.round((delayS / emitted) * 1000) : null;
}

function codecName(entry: StatsEntry | undefined, entries: StatsEntry[]): string | null {
  const codec = entries.find((each) => each.id === entry?.codecId);
  return typeof codec?.mimeType === 'string' ? codec.mimeType.replace('video/', '') : null;
}

function difference(entry: StatsEntry, old: StatsEntry, member: string): number | null {
  const [now, before] = [number(entry[member]), number(old[member])];
  return now === null || before === null ? null : now - before;
}

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
