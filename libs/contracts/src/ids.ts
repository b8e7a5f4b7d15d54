import { z } from 'zod';

/** Wallet addresses are lower-case everywhere inside; what a client sends in mixed case is lowered on the way in. */
export const Wallet = z
  .string()
  .toLowerCase()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'must be a 0x-prefixed address of 20 bytes')
  .brand<'Wallet'>()
  .meta({ id: 'Wallet', example: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8' });
export type Wallet = z.output<typeof Wallet>;

const uuid = z.guid('must be a UUID').toLowerCase();

export const KeyId = uuid.brand<'KeyId'>();
export type KeyId = z.output<typeof KeyId>;

export const DatasetId = uuid.brand<'DatasetId'>();
export type DatasetId = z.output<typeof DatasetId>;

export const SubmissionId = uuid.brand<'SubmissionId'>();
export type SubmissionId = z.output<typeof SubmissionId>;

/** Tasks are numbered 1, 2, 3 …: people say the number aloud. */
export const TaskNumber = z.int().min(1).max(2_147_483_647).brand<'TaskNumber'>();
/** The same in a path or a query, where everything is text. */
export const TaskNumberText = z.coerce.number().int().min(1).max(2_147_483_647).brand<'TaskNumber'>();
export type TaskNumber = z.output<typeof TaskNumber>;

export const Sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits')
  .brand<'Sha256'>();
export type Sha256 = z.output<typeof Sha256>;
