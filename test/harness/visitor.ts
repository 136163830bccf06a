import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';

/** A name that is not localhost, so that plain HTTP is no secure context there. */
const elsewhere = '--host-resolver-rules=MAP webinar.test 127.0.0.1';

export const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/** As a person's browser: autoplay rules and permission questions are real. */
export function launchPeople(): Promise<Browser> {
  return launchBrowser([elsewhere]);
}

/** Somebody in front of Rostrum's own page, in a browser profile of their own. */
export class Visitor {
  readonly page: Page;
  /** Uncaught exceptions and violations of the content security policy. */
  readonly faults: string[] = [];
  /** Every address the page asked for anything. */
  readonly asked: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on('pageerror', (error) => this.faults.push(error.message));
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text())) this.faults.push(message.text());
    });
    page.on('request', (request) => this.asked.push(request.url()));
  }

  /** @param devices what the browser lets the page use */
  static async open(
    browser: Browser,
    url: string,
    devices: ('camera' | 'microphone')[] = [],
    options: BrowserContextOptions = {},
  ): Promise<Visitor> {
    const context = await browser.newContext({ permissions: devices, ...options });
    const visitor = new Visitor(await context.newPage());
    await visitor.page.goto(url);
    return visitor;
  }

  /** An element by its `data-test`. */
  at(name: string): Locator {
    return this.page.locator(`[data-test="${name}"]`);
  }

  /** Through the green room with what the browser allows. */
  async join(): Promise<void> {
    await this.at('allow').click();
    await this.at('join').click();
    await this.at('live').waitFor();
  }

  /** Resolves when pictures of the program are being presented. */
  async seesProgram(): Promise<void> {
    await this.page.waitForFunction(() => {
      const state = document.querySelector('[data-test=program]')?.getAttribute('data-state');
      const video = document.querySelector<HTMLVideoElement>('[data-test=program-video]');
      if (state !== 'connected' || !video || video.videoWidth === 0) return false;
      return new Promise((resolve) => {
        video.requestVideoFrameCallback(() => resolve(true));
      });
    });
  }

  /** Peak of the program's sound over a second, 0..1. */
  hears(): Promise<number> {
    return this.page.evaluate(async () => {
      const video = document.querySelector<HTMLVideoElement>('[data-test=program-video]')!;
      const context = new AudioContext();
      const analyser = context.createAnalyser();
      context.createMediaStreamSource(video.srcObject as MediaStream).connect(analyser);
      const samples = new Float32Array(analyser.fftSize);
      let peak = 0;
      for (let looks = 0; looks < 60; looks++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        analyser.getFloatTimeDomainData(samples);
        for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
      }
      await context.close();
      return peak;
    });
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}
