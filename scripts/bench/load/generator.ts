import { join } from 'node:path';
import { CalledProcess } from './calls.ts';
import type { DecodeCalls } from './decode.ts';
import type { PublisherCalls } from './publishers.ts';
import type { ViewerCalls } from './viewers.ts';

/** Media makes much short-lived garbage; a young generation that fits the cache is the cheapest. */
const nodeFlags = ['--max-semi-space-size=2'];

const programOf = (name: string) => join(import.meta.dirname, `${name}.js`);

/** All speakers, in a process of their own. */
export class PublisherProcess extends CalledProcess<PublisherCalls> {
  constructor() {
    super(programOf('publishers'), [], nodeFlags);
  }
}

/** Viewers in a process of their own. It is a thread's worth of them: more viewers take more processes. */
export class ViewerProcess extends CalledProcess<ViewerCalls> {
  constructor() {
    super(programOf('viewers'), [], nodeFlags);
  }
}

/** Decodes recordings, to see what that takes. */
export class DecodeProcess extends CalledProcess<DecodeCalls> {
  constructor() {
    super(programOf('decode'));
  }
}
