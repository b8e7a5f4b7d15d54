// Proves who had a model first, without showing anything of it: registered before the upload, opened with it.
import { sha256 as digest } from '@noble/hashes/sha256';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils';
import type { Client } from '../client.js';
import { hashSource } from '../uploads/hash-source.js';
import type { NewHash } from '../uploads/hash.js';
import type { ByteSource } from '../uploads/source.js';

const DOMAIN = 'arena/model/v1';

export interface CommitmentOf {
  /** Of the `.onnx` file. */
  sha256: string;
  /** Of the file of its external data, where there is one. */
  dataSha256?: string | undefined;
  /** The trainer's. */
  wallet: string;
  /** 32 random bytes as hex. */
  salt: string;
}

export const modelCommitment = ({ sha256, dataSha256 = '', wallet, salt }: CommitmentOf): string =>
  bytesToHex(
    digest(
      concatBytes(
        utf8ToBytes(DOMAIN),
        ...[sha256, dataSha256, wallet.slice(2).toLowerCase(), salt].map(hex => hexToBytes(hex)),
      ),
    ),
  );

/** Keep all of it until the model is submitted: without the salt a commitment proves nothing. */
export interface CommittedModel extends CommitmentOf {
  task: number;
  commitment: string;
  registeredAt: string;
}

/** `source` is the `.onnx` itself, `data` the file of its external data: neither is sent or shown. */
export async function commitModel(
  client: Client,
  options: {
    task: number;
    source: ByteSource;
    data?: { source: ByteSource } | undefined;
    newHash?: NewHash;
    signal?: AbortSignal;
  },
): Promise<CommittedModel> {
  const { task, source, signal } = options;
  const sha256 = await hashSource(source, options);
  const dataSha256 = options.data && (await hashSource(options.data.source, options));
  const { account: wallet } = await client.call('accounts.mine', { signal });
  const salt = bytesToHex(crypto.getRandomValues(new Uint8Array(32)));
  const commitment = modelCommitment({ sha256, dataSha256, wallet, salt });
  const { registeredAt } = await client.call('submissions.commitments.register', {
    body: { task, commitment },
    signal,
  });
  return { task, sha256, dataSha256, wallet, salt, commitment, registeredAt };
}
