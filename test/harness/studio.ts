import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { Origin } from './origin.ts';
import type { SpeakOrder, StudioVerbs, Watching, WatchOrder } from './reports.ts';

type Verb = keyof StudioVerbs;

/** A browser with one page in which speakers and viewers live. */
export class Studio {
  readonly #origin: Origin;
  readonly #browser: Browser;
  readonly page: Page;
  /** Errors that nobody in the page caught. */
  readonly pageErrors: string[] = [];

  private constructor(origin: Origin, browser: Browser, page: Page) {
    this.#origin = origin;
    this.#browser = browser;
    this.page = page;
    page.on('pageerror', (error) => this.pageErrors.push(String(error)));
  }

  static async open(): Promise<Studio> {
    const origin = await Origin.open();
    const browser = await launchBrowser();
    const page = await browser.newPage();
    const studio = new Studio(origin, browser, page);
    await page.goto(origin.url);
    await page.waitForFunction('globalThis.studio !== undefined');
    return studio;
  }

  /** Calls a verb of `page/studio.ts` in the page. */
  call<V extends Verb>(
    verb: V,
    ...args: Parameters<StudioVerbs[V]>
  ): Promise<Awaited<ReturnType<StudioVerbs[V]>>> {
    return this.page.evaluate(
      ([name, given]) => {
        const { studio } = globalThis as unknown as {
          studio: Record<string, (...all: unknown[]) => unknown>;
        };
        return studio[name as string]!(...(given as unknown[]));
      },
      [verb, args] as const,
    ) as Promise<Awaited<ReturnType<StudioVerbs[V]>>>;
  }

  async speak(order: Pick<SpeakOrder, 'server' | 'room' | 'token'> & Partial<SpeakOrder>): Promise<number> {
    return this.call('speak', {
      colour: [200, 40, 40],
      codec: 'vp8',
      toneHz: 440,
      width: 640,
      height: 360,
      fps: 30,
      ...order,
    });
  }

  watch(order: Pick<WatchOrder, 'server' | 'room' | 'token'> & Partial<WatchOrder>): Promise<Watching> {
    return this.call('watch', { codecs: ['vp8', 'h264'], ...order });
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#origin.close();
  }
}
