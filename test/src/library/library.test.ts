import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Library, type LibrarySettings } from '../../../src/library/library.ts';
import { image, pngHead } from './images.ts';

let folder: string;
let library: Library;
const open = (changes: Partial<LibrarySettings> = {}) =>
  new Library({ folder, maxBytes: 1e6, maxShelfBytes: 3e6, lowWaterBytes: 0, ...changes });
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rostrum-library-'));
  library = open();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const take = (room: string | null, name: string, ...chunks: Buffer[]) =>
  library.take(room, name, Readable.from(chunks));
const names = (room: string | null) => library.list(room).map(({ name }) => name);
const mp3 = Buffer.concat([Buffer.from('ID3'), Buffer.alloc(100)]);
const mp4 = Buffer.concat([Buffer.from('\0\0\0\x20ftypisom', 'latin1'), Buffer.alloc(100)]);
const webm = Buffer.concat([Buffer.from([0x1a, 0x45, 0xdf, 0xa3]), Buffer.alloc(100)]);

describe('files', () => {
  test('are taken, listed, found and removed', async () => {
    const png = image('png', 40, 30);
    expect(await take(null, 'logo.png', png.subarray(0, 10), png.subarray(10))).toEqual({
      ...{ name: 'logo.png', kind: 'image', type: 'image/png' },
      ...{ bytes: png.length, width: 40, height: 30 },
    });
    await take(null, 'Intro (1).mp4', mp4);
    await take(null, 'hold.mp3', mp3);
    await take(null, 'clip.webm', webm);
    expect(names(null)).toEqual(['Intro (1).mp4', 'clip.webm', 'hold.mp3', 'logo.png']);
    expect(library.find('lab', 'hold.mp3')).toMatchObject({ kind: 'sound', path: join(folder, 'hold.mp3') });
    await library.remove(null, 'hold.mp3');
    expect(() => library.find(null, 'hold.mp3')).toThrow(expect.objectContaining({ code: 'no-such-file' }));
    await expect(library.remove(null, 'hold.mp3')).rejects.toMatchObject({ code: 'no-such-file' });
  });

  test.each([1, 3, 15])('a photograph behind %d pieces of metadata has its size', async (pieces) => {
    const jpeg = image('jpeg', 64, 32);
    const segment = Buffer.alloc(60_002);
    segment.set([0xff, 0xe1, 0xea, 0x60]);
    const metadata = Array.from({ length: pieces }, () => segment);
    const taken = await take(null, 'photo.jpg', jpeg.subarray(0, 2), ...metadata, jpeg.subarray(2));
    expect(taken).toMatchObject({ width: 64, height: 32 });
  });

  test("a room's own are its alone, come first, and go with it", async () => {
    await take(null, 'logo.png', image('png', 10, 10));
    await take('lab', 'logo.png', image('png', 20, 20));
    await take('lab', 'own.png', image('png', 30, 30));
    expect(names('lab')).toEqual(['logo.png', 'own.png']);
    expect(names('other')).toEqual(['logo.png']);
    expect([library.find('lab', 'logo.png').width, library.find('other', 'logo.png').width]).toEqual([
      20, 10,
    ]);
    expect(() => library.find('other', 'own.png')).toThrow(expect.objectContaining({ code: 'no-such-file' }));
    await library.forget('lab');
    expect(names('lab')).toEqual(['logo.png']);
  });

  test('put into the folder by hand are there, what is no such file is not', () => {
    writeFileSync(join(folder, 'byhand.mp3'), mp3);
    writeFileSync(join(folder, 'notes.txt'), 'notes');
    writeFileSync(join(folder, 'fake.png'), 'not a picture');
    writeFileSync(join(folder, '.hidden.png'), image('png', 4, 4));
    mkdirSync(join(folder, 'folder.png'));
    const outside = mkdtempSync(join(tmpdir(), 'rostrum-outside-'));
    writeFileSync(join(outside, 'secret.mp3'), mp3);
    symlinkSync(join(outside, 'secret.mp3'), join(folder, 'link.mp3'));
    expect(names(null)).toEqual(['byhand.mp3']);
    for (const name of ['link.mp3', 'folder.png']) {
      expect(() => library.find(null, name)).toThrow(expect.objectContaining({ code: 'no-such-file' }));
    }
    rmSync(outside, { recursive: true });
  });

  test.each([
    '../x.png',
    'a/b.png',
    '..png',
    '.png',
    'a..png',
    'x.png ',
    'nul\0.png',
    '-x.png',
    'x',
    'x.svg',
    '',
  ])('cannot be called %j', async (name) => {
    const invalid = { code: 'invalid-request' };
    await expect(take(null, name, image('png', 4, 4))).rejects.toMatchObject(invalid);
    expect(() => library.find(null, name)).toThrow(expect.objectContaining(invalid));
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('what is not taken leaves nothing behind', () => {
  const refused = async (code: string, name: string, ...chunks: Buffer[]) => {
    await expect(take(null, name, ...chunks)).rejects.toMatchObject({ code });
    expect(readdirSync(folder).filter((each) => each !== 'there.mp3')).toEqual([]);
  };

  test('what is not what it is called', async () => {
    await refused('file-refused', 'logo.png', image('jpeg', 4, 4));
    await refused('file-refused', 'logo.png', Buffer.from('<svg/>'));
    await refused('file-refused', 'empty.mp4');
    await refused('file-refused', 'bomb.png', pngHead(4097, 10));
    await refused('file-refused', 'bomb.png', pngHead(2 ** 31, 2 ** 31));
    await refused('file-refused', 'short.png', image('png', 4, 4).subarray(0, 20));
  });

  test('what is too large, by its kind', async () => {
    library = open({ maxBytes: 200 });
    await refused('too-large', 'clip.mp4', mp4, Buffer.alloc(100));
    library = open({ maxBytes: 20e6, maxShelfBytes: 60e6 });
    await refused('too-large', 'huge.png', pngHead(10, 10), Buffer.alloc(9 * 1024 * 1024));
  });

  test('what has a name that is taken', async () => {
    await take(null, 'there.mp3', mp3);
    await refused('file-exists', 'there.mp3', mp3);
  });

  test('what finds no space', async () => {
    library = open({ maxShelfBytes: mp3.length + 10 });
    await take(null, 'there.mp3', mp3);
    await refused('too-large', 'next.mp3', mp3);
    library = open({ maxShelfBytes: mp3.length });
    await refused('disk-full', 'next.mp3', mp3);
    library = open({ lowWaterBytes: 1e18 });
    await refused('disk-full', 'next.mp3', mp3);
  });

  test('what would fit alone, but not beside the others', async () => {
    library = open({ maxShelfBytes: 350 });
    const sources = [0, 1, 2].map(() => new Readable({ read() {} }));
    const taking = sources.map((source, n) => library.take('lab', `clip${n}.mp4`, source));
    const outcome = Promise.allSettled(taking);
    for (const source of sources) source.push(mp4);
    for (const source of sources) source.push(Buffer.alloc(50));
    for (const source of sources) source.push(null);
    const results = (await outcome).map((one) => (one.status === 'fulfilled' ? 'taken' : one.reason.code));
    expect(results.sort()).toEqual(['disk-full', 'taken', 'taken']);
    expect(readdirSync(join(folder, '.rooms', 'lab'))).toHaveLength(2);
    // What came to nothing takes no space.
    await library.remove('lab', names('lab')[0]!);
    await take('lab', 'another.mp4', mp4);
    expect(names('lab')).toContain('another.mp4');
  });

  test('what breaks off, at once and after a crash', async () => {
    const broken = Readable.from(
      (async function* () {
        yield mp4;
        throw new Error('the client left');
      })(),
    );
    await expect(library.take('lab', 'clip.mp4', broken)).rejects.toThrow('the client left');
    writeFileSync(join(folder, '.upload-0011'), 'half');
    await library.open();
    expect(readdirSync(folder)).toEqual(['.rooms']);
    expect(readdirSync(join(folder, '.rooms', 'lab'))).toEqual([]);
  });
});

describe('files of rooms that are no more', () => {
  const shelves = () => readdirSync(join(folder, '.rooms')).sort();

  test('go, but for those of rooms that are there, and never those for all', async () => {
    for (const room of ['old', 'older', 'demo']) await take(room, 'own.mp3', mp3);
    await take('old', 'second.mp3', mp3);
    await take(null, 'shared.mp3', mp3);
    writeFileSync(join(folder, '.rooms', 'notes.txt'), 'by hand');
    const swept = await library.sweep((room) => room === 'demo');
    expect(swept).toEqual([
      { room: 'old', files: 2 },
      { room: 'older', files: 1 },
    ]);
    expect(shelves()).toEqual(['demo', 'notes.txt']);
    expect([names(null), names('demo'), names('old')]).toEqual([
      ['shared.mp3'],
      ['own.mp3', 'shared.mp3'],
      ['shared.mp3'],
    ]);
    expect(await library.sweep((room) => room === 'demo')).toEqual([]);
  });

  test('are not those of a room of the same name that begins while they go', async () => {
    for (let n = 0; n < 20; n++) await take('old', `own${n}.mp3`, mp3);
    const sweeping = library.sweep(() => false);
    while (names('old').length > 0) await new Promise(setImmediate);
    await take('old', 'new.mp3', mp3);
    expect(await sweeping).toEqual([{ room: 'old', files: 20 }]);
    expect(names('old')).toEqual(['new.mp3']);
  });

  test('that a server had begun to remove are gone with the next start', async () => {
    mkdirSync(join(folder, '.rooms', '.removed-00'), { recursive: true });
    writeFileSync(join(folder, '.rooms', '.removed-00', 'own.mp3'), mp3);
    await library.open();
    expect(shelves()).toEqual([]);
  });

  test('reached through a link are nobody’s to remove', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'rostrum-outside-'));
    writeFileSync(join(outside, 'own.mp3'), mp3);
    mkdirSync(join(folder, '.rooms'));
    symlinkSync(outside, join(folder, '.rooms', 'old'));
    expect(await library.sweep(() => false)).toEqual([]);
    expect(readdirSync(outside)).toEqual(['own.mp3']);
    rmSync(outside, { recursive: true });
  });
});
