// What a browser loads must not need Node.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

function reached(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(/from '(\.[^']+)\.js'/g))
    reached(join(dirname(file), `${path}.ts`), seen);
  return seen;
}

describe('the core', () => {
  it('imports nothing of Node', () => {
    const files = [...reached(fileURLToPath(new URL('./index.ts', import.meta.url)))];
    expect(files.length).toBeGreaterThan(10);
    const guilty = files.filter(file => /from 'node:|\bBuffer\b|\bprocess\./.test(readFileSync(file, 'utf8')));
    expect(guilty).toEqual([]);
  });
});
