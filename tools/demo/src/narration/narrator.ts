/** Told what happens; shows it in its own way. */
export interface Narrator {
  step(number: number, of: number, title: string): void;
  note(text: string): void;
  /** How far something is; `unit` says how to read the numbers. The end is `done === total`. */
  progress(label: string, done: number, total: number, unit?: 'bytes' | 'ms'): void;
  table(heading: string, rows: readonly (readonly string[])[]): void;
}
