import type { ServiceName } from '@arena/contracts';

export const buckets = ['datasets', 'quarantine', 'blind', 'evidence', 'audit'] as const;
export type Bucket = (typeof buckets)[number];
export type Grants = Readonly<Partial<Record<Bucket, 'read' | 'write'>>>;

/** What each service's S3 key may do; a service that is not here gets no key. `write` includes `read`. */
export const grants: Readonly<Partial<Record<ServiceName, Grants>>> = {
  'task-service': { datasets: 'write', audit: 'write' },
  'submission-service': { quarantine: 'write', blind: 'write', datasets: 'read', evidence: 'write' },
  'rewards-service': { evidence: 'write' },
};
