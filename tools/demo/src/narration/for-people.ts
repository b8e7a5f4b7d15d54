import { bar, inBytes, inSeconds, table } from '../core/shape.js';
import type { Narrator } from './narrator.js';

export interface Terminal {
  write(text: string): unknown;
  /** Whether a line can be drawn over. */
  isTTY?: boolean | undefined;
}

const WIDTH = 28;
const readings = { bytes: inBytes, ms: inSeconds, count: String } as const;

/** Lines, and on a terminal a bar that grows in place; elsewhere only its end is worth a line. */
export function forPeople(out: Terminal, colours: boolean): Narrator {
  const paint = (code: number, text: string) => (colours ? `\x1b[${code}m${text}\x1b[0m` : text);
  const line = (text = '') => out.write(`${text}\n`);
  let open = false;
  const close = () => {
    if (open) line();
    open = false;
  };

  return {
    step(number, of, title) {
      close();
      line(`\n${paint(36, `[${number}/${of}]`)} ${paint(1, title)}`);
    },
    note(text) {
      close();
      line(`  ${text}`);
    },
    progress(label, done, total, unit) {
      const read = readings[unit ?? 'count'];
      const ended = done >= total;
      if (!out.isTTY) {
        if (ended) line(`  ${label}: ${read(total)}`);
        return;
      }
      const text = `  ${label.padEnd(30)} ${paint(32, bar(done, total, WIDTH))}  ${read(done)} of ${read(total)}`;
      out.write(`\r\x1b[2K${text}`);
      open = true;
      if (ended) close();
    },
    table(heading, rows) {
      close();
      line(`\n${paint(1, heading)}`);
      for (const row of table(rows)) line(`  ${row}`);
    },
  };
}
