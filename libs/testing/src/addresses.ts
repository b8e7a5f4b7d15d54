import type { S3Address } from '@arena/servers';
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    arenaBroker: string;
  }
}

export const buckets = ['datasets', 'quarantine', 'blind', 'evidence', 'audit'] as const;

export interface Addresses {
  postgres: { url: string };
  redis: { url: string };
  s3: S3Address;
}

export type Part = keyof Addresses;

/** The address of one of the run's throw-away servers; the first to ask has it started. */
export async function addressOf<P extends Part>(part: P): Promise<Addresses[P]> {
  const broker = inject('arenaBroker');
  if (!broker) throw new Error('no test servers here: run with the vitest projects "integration" or "e2e"');
  const response = await fetch(`${broker}/${part}`);
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Addresses[P];
}
