/** The Chromium that tests and benchmarks start. */
export const chromiumPath = process.env.ROSTRUM_CHROMIUM ?? '/usr/bin/chromium';

/** No display, no throttling, local addresses, a camera that is drawn. */
export const chromiumFlags: readonly string[] = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
  '--use-fake-device-for-media-stream',
];

/** Nobody is there to be asked. */
export const unasked: readonly string[] = [
  '--autoplay-policy=no-user-gesture-required',
  '--use-fake-ui-for-media-stream',
];
