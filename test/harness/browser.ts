import { type Browser, chromium } from 'playwright-core';

/** What every test wants of Chromium: no display, no throttling, local addresses, a camera that is drawn. */
const flags = [
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
const unasked = ['--autoplay-policy=no-user-gesture-required', '--use-fake-ui-for-media-stream'];

const chromiumPath = process.env.ROSTRUM_CHROMIUM ?? '/usr/bin/chromium';

export function launchBrowser(further: readonly string[] = unasked): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath, args: [...flags, ...further], headless: true });
}
