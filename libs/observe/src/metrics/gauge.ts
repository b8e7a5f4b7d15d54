import { Gauge, type Registry } from 'prom-client';

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface GaugeOptions {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
  /** Asked at each scrape: one number, or one for each combination of labels. */
  collect(): Promise<number | readonly Sample[]> | number | readonly Sample[];
}

/** A value that is looked up when it is asked for, like the length of a queue. */
export function gauge(registry: Registry, { name, help, labels = [], collect }: GaugeOptions): void {
  new Gauge({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
    async collect() {
      this.reset();
      try {
        const found = await collect();
        if (typeof found === 'number') this.set(found);
        else for (const sample of found) this.set(sample.labels, sample.value);
      } catch {
        // The source being away must not take all other metrics away too: a gap in this one tells.
        this.reset();
        if (labels.length === 0) this.set(Number.NaN);
      }
    },
  });
}
