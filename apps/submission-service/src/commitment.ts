import { createHash } from 'node:crypto';

const DOMAIN = 'arena/model/v1';

/** Registered before a model is shown, it proves who had it first, and shows nothing of it. */
export const commitmentTo = (
  model: { sha256: string; dataSha256?: string | undefined },
  wallet: string,
  salt: string,
): string =>
  createHash('sha256')
    .update(DOMAIN)
    .update(model.sha256, 'hex')
    .update(model.dataSha256 ?? '', 'hex')
    .update(wallet.slice(2), 'hex')
    .update(salt, 'hex')
    .digest('hex');
