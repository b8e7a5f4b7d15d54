import { describe, expect, it } from 'vitest';
import { forPeople } from './for-people.js';

function told(isTTY: boolean, colours = false): string {
  let text = '';
  const say = forPeople({ write: piece => (text += piece), isTTY }, colours);
  say.step(1, 2, 'Upload');
  say.progress('sent', 512, 1_024, 'bytes');
  say.progress('sent', 1_024, 1_024, 'bytes');
  say.note('done');
  return text;
}

describe('the narration', () => {
  it('is plain lines where nothing can be drawn over: only the end of a bar is told', () => {
    expect(told(false)).toBe('\n[1/2] Upload\n  sent: 1.0 KiB\n  done\n');
  });

  it('draws a bar in place on a terminal, and ends its line before the next', () => {
    expect(told(true)).toMatch(/\r\x1b\[2K.* 50 %.*\r\x1b\[2K.*100 %.*\n {2}done\n$/s);
  });

  it('has no colours unless asked for', () => {
    expect(told(true)).not.toContain('\x1b[3');
    expect(told(true, true)).toContain('\x1b[36m');
  });
});
