import { describe, expect, it } from 'vitest';
import { createFrameReader } from './event-frames.js';

const TEXT = [
  ':\n\nid: 1\nevent: changed\ndata: {"a":1}\n\n',
  'data: two\r\ndata:  lines\r\n\r\n',
  'id: 3\rdata\r\r',
  'event: nothing\n\n',
  'event: end\ndata: {}\n\n',
].join('');
const FRAMES = [
  { id: '1', event: 'changed', data: '{"a":1}' },
  { id: undefined, event: 'message', data: 'two\n lines' },
  { id: '3', event: 'message', data: '' },
  { id: undefined, event: 'end', data: '{}' },
];

describe('events', () => {
  it.each([1, 2, 3, 7, 1_000])('are the same when they come %i characters at a time', size => {
    const take = createFrameReader();
    const pieces = Array.from({ length: Math.ceil(TEXT.length / size) }, (_, i) =>
      TEXT.slice(i * size, (i + 1) * size),
    );
    expect(pieces.flatMap(take)).toEqual(FRAMES);
  });

  it('count only when they are complete', () => {
    expect(createFrameReader()('id: 1\ndata: half\n')).toEqual([]);
  });
});
