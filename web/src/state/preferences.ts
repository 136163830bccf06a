/** What this browser remembers between visits. Storage may be forbidden; then nothing is remembered. */
export interface Preferences {
  camera: string | null;
  microphone: string | null;
  /** 0..1 */
  volume: number;
  /** Only sound is asked for while nobody looks. */
  sparesInBackground: boolean;
}

const KEY = 'rostrum.preferences';
const defaults: Preferences = { camera: null, microphone: null, volume: 1, sparesInBackground: true };

export function loadPreferences(storage: Pick<Storage, 'getItem'> | null = safeStorage()): Preferences {
  try {
    const stored: unknown = JSON.parse(storage?.getItem(KEY) ?? '{}');
    if (typeof stored !== 'object' || stored === null) return defaults;
    const { camera, microphone, volume, sparesInBackground } = stored as Record<string, unknown>;
    return {
      camera: typeof camera === 'string' ? camera : null,
      microphone: typeof microphone === 'string' ? microphone : null,
      volume: typeof volume === 'number' && volume >= 0 && volume <= 1 ? volume : 1,
      sparesInBackground: sparesInBackground !== false,
    };
  } catch {
    return defaults;
  }
}

export function savePreferences(
  change: Partial<Preferences>,
  storage: Pick<Storage, 'getItem' | 'setItem'> | null = safeStorage(),
): void {
  try {
    storage?.setItem(KEY, JSON.stringify({ ...loadPreferences(storage), ...change }));
  } catch {
    // A full or forbidden storage costs only the memory of a choice.
  }
}

function safeStorage(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
