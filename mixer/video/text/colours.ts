/** The colours of everything that the mixer itself draws. */
export const colours = {
  background: '#14171d',
  card: '#1f242e',
  text: '#f4f6fa',
  quiet: '#9aa4b5',
  /** Behind text that stands on a picture. */
  shade: 'rgba(12, 14, 18, 0.62)',
  /** Behind larger graphics, where a picture must not disturb. */
  panel: 'rgba(16, 19, 25, 0.88)',
  accent: '#4f8cff',
  warning: '#f2b84b',
  off: '#ff6b6b',
} as const;
