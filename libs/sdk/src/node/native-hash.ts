import { createHash } from 'node:crypto';
import type { NewHash } from '../datasets/hash.js';

export const nativeHash: NewHash = () => createHash('sha256');
