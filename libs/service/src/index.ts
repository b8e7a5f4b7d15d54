export * from './env.js';
export * from './identity-handlers.js';
export * from './loop.js';
export * from './process.js';
export * from './run-service.js';
export * from './tokens.js';
export * from './migrations.js';
