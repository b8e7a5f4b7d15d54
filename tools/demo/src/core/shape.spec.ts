import { describe, expect, it } from 'vitest';
import { bar, inBytes, table } from './shape.js';

describe('bar', () => {
  it.each([
    [0, 4, '░░░░   0 %'],
    [3, 4, '███░  75 %'],
    [4, 4, '████ 100 %'],
    [9, 4, '████ 100 %'],
    [0, 0, '████ 100 %'],
  ])('shows %i of %i', (done, total, text) => {
    expect(bar(done, total, 4)).toBe(text);
  });
});

describe('table', () => {
  it('aligns columns and leaves no blanks at the end', () => {
    expect(table([['a', 'bb'], ['ccc', 'd'], ['e']])).toEqual(['a    bb', 'ccc  d', 'e']);
  });
});

describe('inBytes', () => {
  it.each([
    [0, '0 B'],
    [1_023, '1023 B'],
    [1_024, '1.0 KiB'],
    [5 * 1_024 ** 2, '5.0 MiB'],
    [5_000 * 1_024 ** 3, '5000.0 GiB'],
  ])('reads %i as %s', (count, text) => {
    expect(inBytes(count)).toBe(text);
  });
});
