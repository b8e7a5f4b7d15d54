import { canonicalJson, type Json } from '@arena/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactJson } from './exact-json.js';
import { storableJson } from './storable-json.js';

describe('exactJson', () => {
  it('reads what JavaScript can hold as what it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        const text = JSON.stringify(value);
        expect(exactJson(text)).toEqual(JSON.parse(text));
      }),
    );
    expect(exactJson('{"1e999": [1.50, 0.000, 1000000000000000000000, "1e999 \\" 12345678901234567890"]}')).toEqual({
      '1e999': [1.5, 0, 1e21, '1e999 " 12345678901234567890'],
    });
    expect(exactJson(null)).toBeNull();
  });

  it('tells any two numbers apart, however long', () => {
    const number = fc.tuple(fc.bigInt({ min: 10n ** 15n, max: 10n ** 24n }), fc.nat(9)).map(parts => parts.join('.'));
    fc.assert(
      fc.property(number, fc.nat(), (text, n) => {
        const at = n % text.length;
        fc.pre(text[at] !== '.');
        const other = text.slice(0, at) + ((Number(text[at]) + 1) % 10) + text.slice(at + 1);
        expect(canonicalJson(exactJson(`{"n": ${text}}`))).not.toBe(canonicalJson(exactJson(`{"n": ${other}}`)));
      }),
    );
    expect(exactJson('1e400')).toEqual({ inexact: '1e400' });
  });
});

describe('storableJson', () => {
  it('leaves plain JSON as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), value => {
        fc.pre(!JSON.stringify(value).includes('\\u0000'));
        expect(storableJson(value)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('keeps amounts whole and times in words', () => {
    const value = { stake: 12345678901234567890n, at: new Date(0), none: undefined };
    expect(storableJson(value)).toEqual({ stake: '12345678901234567890', at: '1970-01-01T00:00:00.000Z' });
    expect(storableJson(undefined)).toBeNull();
  });

  it('replaces what PostgreSQL cannot store, in names too', () => {
    const holes: Json = storableJson({ 'a\0': ['\uD83D', 'x\uDE00', '\u{1F600}'] });
    expect(holes).toEqual({ 'a\uFFFD': ['\uFFFD', 'x\uFFFD', '\u{1F600}'] });
  });
});
