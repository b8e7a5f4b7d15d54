import { z } from 'zod';
import { Role } from '../../http/auth.js';
import { scopes } from '../../http/route.js';
import { Instant } from '../../http/shapes.js';
import { Sha256, Wallet } from '../../ids.js';

/** All that another service needs to judge a credential without asking. */
export const KeyState = z.object({
  id: z.guid(),
  kind: z.enum(['session', 'api']),
  hash: Sha256,
  account: Wallet.nullable(),
  scopes: z.array(z.enum(scopes)),
  expiresAt: Instant,
  revokedAt: Instant.nullable(),
  receiptKey: z.object({ address: Wallet, expiresAt: Instant }).nullable(),
});

export const AccountState = z.object({
  account: Wallet,
  displayName: z.string().nullable(),
  payoutAddress: Wallet.nullable(),
  conflictGroup: z.string().nullable(),
  roles: z.array(Role),
});

/** When keys were last used, gathered by the service that saw them and sent now and then. */
export const KeysUsed = z.object({
  uses: z
    .array(z.object({ id: z.guid(), at: Instant }))
    .min(1)
    .max(1_000),
});
