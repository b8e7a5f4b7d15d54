export { aloneQueueName } from './alone-queue.js';
export {
  BullStrategy,
  type BullStrategyOptions,
  type DeadJob,
  type JobRun,
  QueueHandlersWrong,
} from './bull-strategy.js';
export { connectQueues } from './connect-queues.js';
export { JobContext } from './job-context.js';
export { jobOptions } from './job-options.js';
export { redisConnection, type RedisConnectionOptions } from './redis.js';
