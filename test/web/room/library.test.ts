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

  abort(): void {
    this.onabort();
  }

  end(status: number): void {
    this.status = status;
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
