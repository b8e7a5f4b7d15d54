export * from './authenticator.js';
export * from './core/authorise.js';
export * from './core/caller.js';
export * from './core/credential.js';
export { prefixOf } from './core/token.js';
export * from './migrations.js';
export * from './mint.js';
export * from './projection.js';
