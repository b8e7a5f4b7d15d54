import { expect, it } from 'vitest';
import { majorVersion } from './redis.js';

it.each([
  ['Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=d81b8ff71cfb150e', 7],
  ['Redis server v=6.0.16 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64', 6],
  ['Valkey server v=8.1.1 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64', 8],
  ['something else', 0],
])('reads the version out of "%s"', (said, version) => {
  expect(majorVersion(said)).toBe(version);
});
