import { S3Error } from './errors.js';

/** `write` includes `read`. `'*'` is everything, buckets too. */
export type Grants = '*' | Readonly<Record<string, 'read' | 'write'>>;

export interface AccessKey {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly grants: Grants;
}

/** `any` needs a valid signature alone; `owner` is for keys that hold `'*'`. */
export type Access = 'any' | 'read' | 'write' | 'owner';

export function allows(grants: Grants, access: Access, bucket: string): boolean {
  if (grants === '*' || access === 'any') return true;
  const held = Object.hasOwn(grants, bucket) ? grants[bucket] : undefined;
  return access === 'owner' ? false : held === 'write' || (held === 'read' && access === 'read');
}

export function assertAllowed(grants: Grants, access: Access, bucket: string): void {
  if (!allows(grants, access, bucket)) throw new S3Error('AccessDenied', 'Access Denied');
}
