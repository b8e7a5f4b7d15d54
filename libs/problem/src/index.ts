export * from './domain-error.js';
export * from './from-zod.js';
export * from './to-problem.js';
