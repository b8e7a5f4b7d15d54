export { sha256Of } from './digest.js';
export { ObjectsError, type ObjectsErrorKind } from './errors.js';
export { openObjects, type Address, type Objects } from './objects.js';
export type { Range } from './reading.js';
export type { ObjectsOptions } from './requests.js';
export type { Listed, Stat } from './stat.js';
export type { ArrivedPart, Part } from './uploads.js';
export type { PutOptions, PutResult } from './writing.js';
