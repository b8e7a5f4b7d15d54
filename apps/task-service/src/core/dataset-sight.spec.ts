import { purposes } from '@arena/contracts';
import { describe, expect, it } from 'vitest';
import * as sight from './dataset-sight.js';
import type { VersionState } from './dataset-version.js';

const sha256 = 'a'.repeat(64);
const ready: VersionState = { state: 'ready', claimed: sha256, sha256, key: `sha256/${sha256}`, readyAt: new Date(0) };
const uploading: VersionState = { state: 'uploading', deadline: new Date(0) };
const seen = (admin: boolean, purpose: sight.DatasetPurpose, state: VersionState) => () =>
  sight.assertSeesVersion(admin, { purpose, state });

describe('somebody', () => {
  it('sees public sets', () => expect(sight.purposesSeen(false)).toEqual(['training', 'starter']));
  it('is told that there is no hidden set', () => {
    expect(() => sight.assertSeesDataset(false, { purpose: 'hidden-a' })).toThrow('resource/not-found');
    expect(seen(false, 'hidden-b', ready)).toThrow('resource/not-found');
  });
  it('is told that there is no unfinished version', () => {
    expect(seen(false, 'training', uploading)).toThrow('resource/not-found');
    expect(seen(false, 'training', ready)).not.toThrow();
  });
});

describe('an admin', () => {
  it('sees every set', () => expect(sight.purposesSeen(true)).toEqual([...purposes]));
  it('sees unfinished versions of hidden sets', () => expect(seen(true, 'hidden-a', uploading)).not.toThrow());
  it('is told what is not there', () =>
    expect(() => sight.assertSeesDataset(true, undefined)).toThrow('resource/not-found'));
});

describe('a download', () => {
  it('is of a ready public set', () =>
    expect(() => sight.assertDownloadable({ purpose: 'starter', state: ready })).not.toThrow());
  it('is never of a hidden set', () =>
    expect(() => sight.assertDownloadable({ purpose: 'hidden-a', state: ready })).toThrow('dataset/hidden'));
  it('waits until the set is ready', () =>
    expect(() => sight.assertDownloadable({ purpose: 'training', state: uploading })).toThrow('dataset/state'));
});

describe('equal bytes', () => {
  it('may be in several public sets, or in several hidden ones', () => {
    expect(sight.clash('training', ['training', 'starter'])).toBeUndefined();
    expect(sight.clash('hidden-a', ['hidden-a', 'hidden-b'])).toBeUndefined();
  });
  it('are never both public and hidden', () => {
    expect(sight.clash('training', ['starter', 'hidden-b'])).toBe('The same bytes are a hidden set already');
    expect(sight.clash('hidden-a', ['training'])).toBe('The same bytes are public already');
  });
});
