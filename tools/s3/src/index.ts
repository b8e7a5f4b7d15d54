export type { AccessKey, Grants } from './core/grants.js';
export type { Fault, FaultRequest, Faults } from './faults.js';
export { startS3, type S3Options, type S3Server } from './server.js';
