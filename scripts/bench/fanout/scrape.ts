/** One sample of a family: its labels and its value. */
interface Sample {
  labels: Record<string, string>;
  value: number;
}

/** What `/metrics` said at one moment. */
export class Scrape {
  readonly #samples = new Map<string, Sample[]>();

  static async of(url: string): Promise<Scrape> {
    const response = await fetch(`${url}/metrics`);
    if (!response.ok) throw new Error(`${url}/metrics: ${response.status}`);
    return new Scrape(await response.text());
  }

  /** @param text OpenMetrics 1.0 */
  constructor(text: string) {
    for (const line of text.split('\n')) {
      const found = /^([a-z_0-9]+)(?:\{([^}]*)\})? (\S+)$/.exec(line);
      if (found === null) continue;
      const [, name = '', labels = '', value = ''] = found;
      const all = this.#samples.get(name) ?? [];
      all.push({ labels: labelsOf(labels), value: Number(value) });
      this.#samples.set(name, all);
    }
  }

  /** Values of a family, those with these labels alone; in the order they stand. */
  values(name: string, labels: Record<string, string> = {}): number[] {
    return this.#with(name, labels).map(({ value }) => value);
  }

  sum(name: string, labels: Record<string, string> = {}): number {
    return this.values(name, labels).reduce((sum, value) => sum + value, 0);
  }

  /** Values of a label, of the samples with these other labels alone; in the order they stand. */
  labelled(name: string, label: string, others: Record<string, string> = {}): string[] {
    return this.#with(name, others).flatMap(({ labels }) => labels[label] ?? []);
  }

  #with(name: string, labels: Record<string, string>): Sample[] {
    const fits = (sample: Sample) => Object.entries(labels).every(([key, is]) => sample.labels[key] === is);
    return (this.#samples.get(name) ?? []).filter(fits);
  }
}

function labelsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, value]) => [key!, value!]),
  );
}
