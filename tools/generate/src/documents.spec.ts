import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { documents } from './documents.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { version: string };
const wanted = documents(version);

describe('what is derived from the contracts and committed', () => {
  it.each([...wanted.keys()])('is fresh: %s', path => {
    expect(readFileSync(root + path, 'utf8')).toBe(wanted.get(path));
  });

  it('holds no schema of a message that is no more', () => {
    const there = readdirSync(`${root}docs/schemas`).map(name => `docs/schemas/${name}`);
    expect(there.filter(path => !wanted.has(path))).toEqual([]);
  });
});
