import { expect, it } from 'vitest';
import { uuidV7 } from './uuid-v7.js';

it('makes ids of version 7 that carry their time', () => {
  const id = uuidV7();
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Math.abs(parseInt(id.replaceAll('-', '').slice(0, 12), 16) - Date.now())).toBeLessThan(1_000);
});

it('never makes two alike, and each sorts after the one before, also when the clock goes back', () => {
  const late = Date.now() + 10;
  const ids = Array.from({ length: 20_000 }, (_, i) => uuidV7(late - (i % 3)));
  expect(new Set(ids).size).toBe(ids.length);
  expect([...ids].sort()).toEqual(ids);
});
