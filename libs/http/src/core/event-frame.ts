// Server-sent events on the wire. `end` and `problem` are ours: the stream has come to its end, or has failed; a line that
// breaks without either is to be taken up again, with the last id that was seen.
import type { Problem, StreamEvent } from '@arena/contracts';

/** A comment: it shows that the line is up, and followers skip it. */
export const HEARTBEAT = ':\n\n';
export const END = 'event: end\ndata: {}\n\n';

export const problemFrame = (problem: Problem): string => `event: problem\ndata: ${JSON.stringify(problem)}\n\n`;

// What would end the field, and with it begin another.
const BREAKS = /[\r\n\0]/;

/** JSON has no bare line breaks, so the data are always one line. */
export function eventFrame({ id, event, data }: StreamEvent<unknown>): string {
  if (BREAKS.test(id) || BREAKS.test(event)) throw new Error('An event whose id or name breaks the line');
  if (event === 'end' || event === 'problem') throw new Error(`An event of a handler cannot be named ${event}`);
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
