import { createHash } from 'node:crypto';
import type { NewHash } from '../uploads/hash.js';

export const nativeHash: NewHash = () => createHash('sha256');
export const nativeMd5: NewHash = () => createHash('md5');
