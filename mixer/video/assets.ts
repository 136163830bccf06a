import { open } from 'node:fs/promises';
import { type Image, loadImage } from '@napi-rs/canvas';
import type { FromMixer } from '../protocol/control.ts';
import { unreadable } from '../unreadable.ts';
import { imageSize } from './imageSize.ts';

const MAX_BYTES = 8 * 1024 * 1024;
const MAX_SIDE = 4096;
/** Images held at a time; each may take 64 MiB. */
const MAX_IMAGES = 16;

/** Images for backgrounds, logos and slates, by name. Sizes are looked at before anything is decoded. */
export class Assets {
  readonly #tell: (message: Extract<FromMixer, { type: 'asset' }>) => void;
  readonly #changed: (asset: string) => void;
  readonly #images = new Map<string, Image>();
  /** The load that counts, by asset: an older one that ends later changes nothing. */
  readonly #loads = new Map<string, symbol>();

  /** @param changed hears of each image that is there, another one, or gone */
  constructor(
    tell: (message: Extract<FromMixer, { type: 'asset' }>) => void,
    changed: (asset: string) => void,
  ) {
    this.#tell = tell;
    this.#changed = changed;
  }

  get(asset: string | null | undefined): Image | null {
    return (asset && this.#images.get(asset)) || null;
  }

  /** Resolves when the image is there, or was refused. @param path null forgets it */
  async set(asset: string, path: string | null): Promise<void> {
    const load = Symbol(asset);
    this.#loads.set(asset, load);
    if (path === null) {
      this.#loads.delete(asset);
      if (this.#images.delete(asset)) this.#changed(asset);
      return;
    }
    try {
      const image = await this.#load(asset, path);
      if (this.#loads.get(asset) !== load) return;
      this.#images.set(asset, image);
      this.#tell({ type: 'asset', asset, ok: true, width: image.width, height: image.height });
      this.#changed(asset);
    } catch (error) {
      if (this.#loads.get(asset) !== load) return;
      if (!this.#images.has(asset)) this.#loads.delete(asset);
      this.#tell({ type: 'asset', asset, ok: false, detail: (error as Error).message });
    }
  }

  async #load(asset: string, path: string): Promise<Image> {
    if (!this.#images.has(asset) && this.#loads.size > MAX_IMAGES)
      throw new Error(`more than ${MAX_IMAGES} images: forget one first`);
    const bytes = await readBounded(path);
    const size = imageSize(bytes);
    if (size === null) throw new Error('the file is neither PNG nor JPEG nor WebP');
    if (size.width > MAX_SIDE || size.height > MAX_SIDE)
      throw new Error(`${size.width}×${size.height} is more than ${MAX_SIDE} pixels on a side`);
    const image = await loadImage(bytes);
    if (image.width < 1 || image.height < 1 || image.width > MAX_SIDE || image.height > MAX_SIDE)
      throw new Error('the image is damaged');
    return image;
  }
}

/** @throws Error when the file cannot be read or is too large; never reads more than the limit. */
async function readBounded(path: string): Promise<Buffer> {
  const file = await open(path).catch((error) => {
    throw unreadable(error);
  });
  try {
    const { size } = await file.stat();
    if (size > MAX_BYTES) throw new Error(`the file is larger than ${MAX_BYTES / 1024 / 1024} MiB`);
    const { bytesRead, buffer } = await file.read(Buffer.alloc(size), 0, size, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
