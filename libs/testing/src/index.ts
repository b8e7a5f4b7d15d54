export { freePort, type S3Address } from '@arena/servers';
export { testBuckets } from './buckets.js';
export { testChain, type TestChain } from './chain.js';
export { testDatabase, type TestDatabase, type TestSchema } from './database.js';
export { startFaultProxy, type FaultProxy } from './fault-proxy.js';
export { testRedis } from './redis.js';
export { rng, type Rng } from './rng.js';
export { spawnService, type SpawnedService, type SpawnOptions } from './spawn-service.js';
export { waitFor, type WaitOptions } from './wait-for.js';
