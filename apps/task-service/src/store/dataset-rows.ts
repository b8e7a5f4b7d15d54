// A dataset version as the rest of the program knows it: its state is one of the union, not a row with nullable columns.
import { DatasetFormat, DatasetId, Purpose } from '@arena/contracts';
import { z } from 'zod';
import type { VersionState } from '../core/dataset-version.js';
import type { DatasetVersion as Row } from './generated/client.js';

export interface VersionRef {
  dataset: string;
  version: number;
}

export interface StoredVersion extends VersionRef {
  purpose: z.output<typeof Purpose>;
  filename: string;
  format: z.output<typeof DatasetFormat>;
  size: number;
  partSize: number;
  /** Where the parts land, until nothing lies there any more; the id since the first URL was asked for. */
  uploadKey: string | null;
  uploadId: string | null;
  createdAt: Date;
  state: VersionState;
}

const State = z.discriminatedUnion('state', [
  z.object({ state: z.literal('uploading'), deadline: z.date() }),
  z.object({ state: z.literal('verifying'), claimed: z.string() }),
  z.object({ state: z.literal('ready'), claimed: z.string(), sha256: z.string(), key: z.string(), readyAt: z.date() }),
  z.object({ state: z.literal('failed'), claimed: z.string(), failure: z.string() }),
  z.object({ state: z.literal('abandoned') }),
]) satisfies z.ZodType<VersionState>;

export function fromRow(row: Row & { of: { purpose: string } }): StoredVersion {
  const { dataset, version, filename, size, partSize, uploadKey, uploadId, createdAt } = row;
  return {
    dataset: DatasetId.parse(dataset),
    version,
    purpose: Purpose.parse(row.of.purpose),
    filename,
    format: DatasetFormat.parse(row.format),
    size: Number(size),
    partSize,
    uploadKey,
    uploadId,
    createdAt,
    state: State.parse(row),
  };
}

const AT_ONCE = new Date(0);

export const toColumns = (state: VersionState) => ({
  state: state.state,
  deadline: state.state === 'uploading' ? state.deadline : null,
  verifyAt: state.state === 'verifying' ? AT_ONCE : null,
  claimed: 'claimed' in state ? state.claimed : null,
  failure: state.state === 'failed' ? state.failure : null,
  ...(state.state === 'ready'
    ? { sha256: state.sha256, key: state.key, readyAt: state.readyAt }
    : { sha256: null, key: null, readyAt: null }),
});
