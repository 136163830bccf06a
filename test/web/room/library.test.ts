import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Library } from '../../../web/src/room/library.ts';
import type { Channel } from '../../../web/src/signaling/channel.ts';
import { until } from '../../harness/until.ts';

/** As much of a browser's XMLHttpRequest as uploads use; it ends when the test says so. */
class Request {
  static all: Request[] = [];
  readonly upload: { onprogress?(progress: { loaded: number; total: number }): void } = {};
  url = '';
  status = 0;
  responseText = '';
  retryAfter: string | null = null;
  onload = () => {};
  onerror = () => {};
  onabort = () => {};

  open(_method: string, url: string): void {
    this.url = url;
  }

  setRequestHeader(): void {}

  send(): void {
    Request.all.push(this);
  }

  getResponseHeader(name: string): string | null {
    return name === 'retry-after' ? this.retryAfter : null;
  }

  abort(): void {
    this.onabort();
  }

  end(status: number, code?: string, retryAfter?: string): void {
    this.status = status;
    this.responseText = code ? JSON.stringify({ code, title: code, detail: '' }) : '';
    this.retryAfter = retryAfter ?? null;
    this.onload();
  }
}

let library: Library;
beforeEach(() => {
  Request.all = [];
  Object.assign(globalThis, { XMLHttpRequest: Request });
  const request = async (type: string, { name }: { name?: string }) =>
    type === 'files' ? { files: [] } : { url: `/assets?name=${name}` };
  library = new Library({ request } as unknown as Pick<Channel, 'request'>);
});
afterEach(() => {
  library.close();
  Reflect.deleteProperty(globalThis, 'XMLHttpRequest');
});

const sent = () => Request.all.map(({ url }) => url.slice('/assets?name='.length));
const rows = () => library.store.get().uploads.map(({ name, problem }) => [name, problem?.status ?? null]);
const choose = (...names: string[]) => names.map((name) => library.take(new File(['bytes'], name)));

test('files chosen together are sent one after the other, whatever becomes of each', async () => {
  const taken = choose('a.png', 'b.png', 'c.png');
  await until('the first is sent', () => sent().length > 0);
  expect(sent()).toEqual(['a.png']);
  expect(rows().map(([name]) => name)).toEqual(['a.png', 'b.png', 'c.png']);
  Request.all[0]!.end(422);
  await until('the second is sent', () => sent().length > 1);
  Request.all[1]!.end(201);
  await until('the third is sent', () => sent().length > 2);
  expect(sent()).toEqual(['a.png', 'b.png', 'c.png']);
  Request.all[2]!.end(201);
  await Promise.all(taken);
  expect(rows()).toEqual([['a.png', 422]]);
});

test('one that is stopped before its turn is never sent, and the next one is', async () => {
  const taken = choose('a.png', 'b.png', 'c.png');
  await until('the first is sent', () => sent().length > 0);
  const [, second] = library.store.get().uploads;
  library.dismiss(second!.id);
  Request.all[0]!.abort();
  await until('another is sent', () => sent().length > 1);
  Request.all[1]!.end(201);
  await Promise.all(taken);
  expect(sent()).toEqual(['a.png', 'c.png']);
  expect(rows()).toEqual([]);
});

test('without a place one waits as long as the server says, and is sent again', async () => {
  const [taken] = choose('a.png');
  await until('it is sent', () => sent().length === 1);
  const began = performance.now();
  Request.all[0]!.end(429, 'too-many-uploads', '1');
  await until('it waits', () => library.store.get().uploads[0]!.waiting);
  expect(rows()).toEqual([['a.png', null]]);
  await until('it is sent again', () => sent().length === 2);
  expect(performance.now() - began).toBeGreaterThan(990);
  Request.all[1]!.end(201);
  await taken;
  expect(rows()).toEqual([]);
});

test('one that waits for a place can be stopped', async () => {
  const [taken] = choose('a.png');
  await until('it is sent', () => sent().length === 1);
  Request.all[0]!.end(429, 'too-many-uploads', '60');
  await until('it waits', () => library.store.get().uploads[0]!.waiting);
  library.dismiss(library.store.get().uploads[0]!.id);
  await taken;
  expect([sent(), rows()]).toEqual([['a.png'], []]);
});
