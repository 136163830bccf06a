import { type Browser, chromium } from 'playwright-core';
import { chromiumFlags, chromiumPath, unasked } from '../../scripts/bench/machine/chromium.ts';

export function launchBrowser(further: readonly string[] = unasked): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath,
    args: [...chromiumFlags, ...further],
    headless: true,
  });
}
