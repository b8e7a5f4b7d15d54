import type { Narrator } from './narrator.js';
import type { Terminal } from './for-people.js';

/** One JSON object a line. */
export function forPrograms(out: Terminal): Narrator {
  const line = (event: object) => out.write(`${JSON.stringify(event)}\n`);
  return {
    step: (number, of, title) => line({ event: 'step', number, of, title }),
    note: text => line({ event: 'note', text }),
    progress: (label, done, total, unit = undefined) => line({ event: 'progress', label, done, total, unit }),
    table: (heading, rows) => line({ event: 'table', heading, rows }),
  };
}
