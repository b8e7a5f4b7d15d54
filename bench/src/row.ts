/** One line of a bench's answer. `ratio` is value ÷ baseline where there is a baseline. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly baseline: number | null;
  readonly ratio: number | null;
}

export interface Bench {
  /** One line for the list of benches. */
  readonly about: string;
  run(progress: (line: string) => void): Promise<Row[]>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

const rounded = (value: number): number => Number(value.toPrecision(4));

/** Medians of rounds that ran in pairs, so that what slowed one down slowed the other too. */
export function compared(name: string, unit: string, subject: readonly number[], baseline: readonly number[]): Row {
  const ratios = subject.map((value, i) => value / (baseline[i] ?? Number.NaN));
  return {
    name,
    unit,
    value: rounded(median(subject)),
    baseline: rounded(median(baseline)),
    ratio: rounded(median(ratios)),
  };
}
