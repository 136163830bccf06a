/** `+3 dB`, `0 dB`, `−12 dB`. */
export const decibels = (db: number): string => `${db > 0 ? '+' : db < 0 ? '−' : ''}${Math.abs(db)} dB`;
