import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checksums } from './checksums.js';
import { assertWritable, readable } from './conditions.js';
import { allows } from './grants.js';
import { pageOf, readCursor, writeCursor, type Cursor } from './listing.js';
import { compareUtf8, SortedKeys } from './order.js';
import { parseCopyRange, parseRange } from './range.js';
import { parseRequest } from './request.js';
import { parseXml, root, textOf, writeXml } from './xml.js';

const key = fc.string({ unit: 'binary', minLength: 1, maxLength: 6 });
const pathLike = fc
  .array(fc.constantFrom('a', 'b', '/', '//', 'é', '🎲', '\uffee'), { minLength: 1, maxLength: 6 })
  .map(parts => parts.join(''));
const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

describe('the order of keys', () => {
  it('is that of their UTF-8 bytes', () => {
    fc.assert(fc.property(key, key, (a, b) => Math.sign(compareUtf8(a, b)) === byBytes(a, b)));
  });

  it('holds whatever is added and removed', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), pathLike)), steps => {
        const [sorted, plain] = [new SortedKeys(), new Set<string>()];
        for (const [added, each] of steps) {
          if (added) sorted.add(each);
          else sorted.remove(each);
          if (added) plain.add(each);
          else plain.delete(each);
        }
        expect(sorted.all).toEqual([...plain].sort(byBytes));
      }),
    );
  });
});

describe('a listing', () => {
  it('shows by pages of any size what it shows at once', () => {
    const delimiter = fc.constantFrom('', '/', '//');
    fc.assert(
      fc.property(
        fc.array(pathLike),
        pathLike,
        delimiter,
        fc.integer({ min: 1, max: 5 }),
        (names, start, delimiter_, max) => {
          const keys = new SortedKeys(new Set(names)).all;
          const prefix = start.slice(0, 1);
          const whole = pageOf(keys, { prefix, delimiter: delimiter_, max: 1000 });
          const seen = { keys: [] as string[], prefixes: [] as string[] };
          for (let after: Cursor | undefined; ;) {
            const page = pageOf(keys, { prefix, delimiter: delimiter_, after, max });
            expect(page.keys.length + page.prefixes.length).toBeLessThanOrEqual(max);
            seen.keys.push(...page.keys);
            seen.prefixes.push(...page.prefixes);
            if (!page.next) break;
            after = readCursor(writeCursor(page.next));
          }
          expect(seen).toEqual({ keys: whole.keys, prefixes: whole.prefixes });
          const below = names.filter(name => name.startsWith(prefix));
          const grouped = below.filter(name => delimiter_ !== '' && name.slice(prefix.length).includes(delimiter_));
          expect(whole.keys).toEqual([...new Set(below.filter(name => !grouped.includes(name)))].sort(byBytes));
          expect(grouped.every(name => whole.prefixes.some(group => name.startsWith(group)))).toBe(true);
        },
      ),
    );
  });

  it('of no keys at all is not cut off', () => {
    expect(pageOf(['a'], { prefix: '', delimiter: '', max: 0 })).toEqual({ keys: [], prefixes: [] });
    expect(() => readCursor('nonsense')).toThrow('continuation token');
  });
});

describe('a range', () => {
  it.each([
    ['bytes=0-0', 10, { start: 0, end: 0 }],
    ['bytes=5-', 10, { start: 5, end: 9 }],
    ['bytes=-3', 10, { start: 7, end: 9 }],
    ['bytes=-30', 10, { start: 0, end: 9 }],
    ['bytes=2-300', 10, { start: 2, end: 9 }],
    ['bytes=5-2', 10, undefined],
    ['bytes=-', 10, undefined],
    ['bytes=0-1,3-4', 10, undefined],
    ['lines=0-1', 10, undefined],
    [undefined, 10, undefined],
  ])('%s of %i bytes is %o', (header, size, expected) => {
    expect(parseRange(header, size)).toEqual(expected);
  });

  it.each([
    ['bytes=10-', 10],
    ['bytes=-0', 10],
    ['bytes=0-', 0],
    ['bytes=-5', 0],
  ])('%s of %i bytes cannot be satisfied', (header, size) => {
    expect(() => parseRange(header, size)).toThrow('not satisfiable');
  });

  it('of a copied part lies within its source', () => {
    expect(parseCopyRange('bytes=0-9', 10)).toEqual({ start: 0, end: 9 });
    for (const wrong of ['bytes=0-10', 'bytes=5-4', 'bytes=5-', 'x'])
      expect(() => parseCopyRange(wrong, 10)).toThrow('first-last');
  });
});

describe('a condition', () => {
  const version = { etag: 'abc', modified: new Date('2024-01-01T00:00:00.900Z') };
  const date = 'Mon, 01 Jan 2024 00:00:00 GMT';

  it('on the ETag outranks one on the date', () => {
    expect(readable({ ifMatch: '"abc"', ifUnmodifiedSince: 'Sat, 01 Jan 2000 00:00:00 GMT' }, version)).toBe('yes');
    expect(readable({ ifNoneMatch: '"other"', ifModifiedSince: date }, version)).toBe('yes');
    expect(readable({ ifNoneMatch: 'W/"abc"' }, version)).toBe('not-modified');
  });

  it('on the date knows whole seconds alone', () => {
    expect(readable({ ifModifiedSince: date }, version)).toBe('not-modified');
    expect(readable({ ifUnmodifiedSince: date }, version)).toBe('yes');
    expect(readable({ ifModifiedSince: 'nonsense' }, version)).toBe('yes');
  });

  it('on a write holds for what is there now', () => {
    expect(() => assertWritable({ ifNoneMatch: '*' }, 'k', undefined)).not.toThrow();
    expect(() => assertWritable({ ifNoneMatch: '*' }, 'k', version)).toThrow('pre-conditions');
    expect(() => assertWritable({ ifMatch: '"abc"' }, 'k', version)).not.toThrow();
    expect(() => assertWritable({ ifMatch: '"abc"' }, 'k', undefined)).toThrow('does not exist');
    expect(() => assertWritable({ ifNoneMatch: '"abc"' }, 'k', undefined)).toThrow('* alone');
  });
});

describe('a document', () => {
  it('says again what was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        expect(textOf(parseXml(writeXml('A', { B: text })), 'B')).toBe(text);
      }),
    );
  });

  it.each([
    '',
    'x',
    '<A>',
    '<A></B>',
    '<A/><B/>',
    '</A>',
    '<A>&unknown;</A>',
    '<A>&#xD800;</A>',
    '<!DOCTYPE a><A/>',
    '<A>'.repeat(50),
  ])('%s is malformed', text => {
    expect(() => parseXml(text)).toThrow('not well-formed');
  });

  it('of the wrong kind is malformed', () => {
    expect(() => root('<Other/>', 'Delete')).toThrow('not well-formed');
  });

  it('never hangs or throws anything else', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '/',
      'A',
      '&',
      ';',
      '"',
      '=',
      ' ',
      '<!--',
      '-->',
      '<?',
      '?>',
      '<A>',
      '</A>',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), pieces => {
        try {
          parseXml(pieces.join(''));
        } catch (error) {
          expect((error as Error).message).toMatch('not well-formed');
        }
      }),
    );
  });
});

describe('a request', () => {
  it('names a bucket and a key, the rest of the path as it stands', () => {
    const read = (target: string) => {
      const { bucket, key: key_, path } = parseRequest('GET', target, []);
      return [bucket, key_, path];
    };
    expect(read('/')).toEqual(['', '', '/']);
    expect(read('/bucket')).toEqual(['bucket', '', '/bucket']);
    expect(read('/bucket/')).toEqual(['bucket', '', '/bucket/']);
    expect(read('/bucket//a/../b%2Fc+d?x=1')).toEqual(['bucket', '/a/../b/c+d', '/bucket//a/../b/c+d']);
    expect(read('http://host:1/bucket/a')).toEqual(['bucket', 'a', '/bucket/a']);
  });

  it.each(['*', '/bucket/%ff', '/bucket/%', '//key'])('for %s is refused', target => {
    expect(() => parseRequest('GET', target, [])).toThrow("Couldn't parse");
  });

  it.each(['/..', '/../../etc', '/A', '/a', '/192.168.0.1', '/a..b'])('for the bucket %s is refused', target => {
    expect(() => parseRequest('GET', target, [])).toThrow('not valid');
  });
});

describe('grants', () => {
  it('give what they say and no more', () => {
    const grants = { models: 'read', evidence: 'write' } as const;
    expect(allows(grants, 'read', 'models')).toBe(true);
    expect(allows(grants, 'write', 'models')).toBe(false);
    expect(allows(grants, 'read', 'evidence')).toBe(true);
    expect(allows(grants, 'write', 'evidence')).toBe(true);
    expect(allows(grants, 'owner', 'evidence')).toBe(false);
    expect(allows(grants, 'read', 'other')).toBe(false);
    expect(allows(grants, 'read', 'constructor')).toBe(false);
    expect(allows('*', 'owner', 'other')).toBe(true);
  });
});

describe('a checksum', () => {
  // The check values that the definitions of these algorithms give for this text.
  it.each([
    ['crc32', 'cbf43926'],
    ['crc32c', 'e3069283'],
  ] as const)('%s is as defined, in one piece and in many', (name, expected) => {
    const [whole, pieces] = [checksums[name](), checksums[name]()];
    whole.update(Buffer.from('123456789'));
    for (const digit of '123456789') pieces.update(Buffer.from(digit));
    const sums = [whole, pieces].map(each => Buffer.from(each.base64(), 'base64').toString('hex'));
    expect(sums).toEqual([expected, expected]);
  });
});
