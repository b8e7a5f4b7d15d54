export * from './env.js';
export * from './loop.js';
export * from './tokens.js';
