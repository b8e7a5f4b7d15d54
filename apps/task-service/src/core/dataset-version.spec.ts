import { describe, expect, it } from 'vitest';
import {
  abandon,
  assertOpen,
  begin,
  complete,
  expire,
  fail,
  judge,
  type In,
  type VersionState,
} from './dataset-version.js';

const now = new Date('2026-01-31T12:00:00Z');
const later = new Date('2026-01-31T12:00:01Z');
const [sum, other] = ['a'.repeat(64), 'b'.repeat(64)];

const uploading: In<'uploading'> = { state: 'uploading', deadline: later };
const verifying: In<'verifying'> = { state: 'verifying', claimed: sum };
const ready: In<'ready'> = { state: 'ready', claimed: sum, sha256: sum, key: `sha256/${sum}`, readyAt: now };
const failed = fail(sum, 'no');
const abandoned: VersionState = { state: 'abandoned' };
const closed = [verifying, ready, failed, abandoned];

it('begins with a deadline', () => expect(begin(now, 1)).toEqual(uploading));

describe('parts', () => {
  it('are taken until the deadline', () => expect(() => assertOpen(uploading, now)).not.toThrow());
  it('are refused from the deadline on', () => expect(() => assertOpen(uploading, later)).toThrow('dataset/state'));
  it.each(closed)('are refused when it is $state', state =>
    expect(() => assertOpen(state, now)).toThrow('dataset/state'),
  );
});

describe('completing', () => {
  it('makes an upload be verified', () => expect(complete(uploading, sum, now)).toEqual(verifying));
  it.each([verifying, ready, failed])('changes nothing the second time ($state)', state =>
    expect(complete(state, sum, later)).toBe(state),
  );
  it.each([verifying, ready, failed])('is refused with another sha256 ($state)', state =>
    expect(() => complete(state, other, now)).toThrow('dataset/state: It was completed before, with another sha256'),
  );
  it('is refused after the deadline', () => expect(() => complete(uploading, sum, later)).toThrow('dataset/state'));
  it('is refused when it was given up', () => expect(() => complete(abandoned, sum, now)).toThrow('dataset/state'));
});

describe('giving up', () => {
  it('ends an upload', () => expect(abandon(uploading)).toEqual(abandoned));
  it('changes nothing the second time', () => expect(abandon(abandoned)).toBe(abandoned));
  it.each([verifying, ready, failed])('is refused when it is $state', state =>
    expect(() => abandon(state)).toThrow('dataset/state'),
  );
});

describe('the deadline', () => {
  it('ends an upload', () => expect(expire(uploading, later)).toEqual(abandoned));
  it('leaves an upload alone before', () => expect(expire(uploading, now)).toBe(uploading));
  it.each(closed)('means nothing when it is $state', state => expect(expire(state, later)).toBe(state));
});

describe('verifying', () => {
  const landed = { size: 3, sha256: sum };
  it('makes it ready when size and hash are as declared, under its hash', () =>
    expect(judge(verifying, 3, landed, ready.key, now)).toEqual(ready));
  it('fails it when another number of bytes landed', () =>
    expect(judge(verifying, 4, landed, ready.key, now)).toEqual(fail(sum, '3 bytes landed, 4 were declared')));
  it('fails it when other bytes landed', () =>
    expect(judge(verifying, 3, { size: 3, sha256: other }, ready.key, now)).toMatchObject({
      state: 'failed',
      claimed: sum,
    }));
});
