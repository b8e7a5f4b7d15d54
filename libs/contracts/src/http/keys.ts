import { z } from 'zod';
import { KeyId, Wallet } from '../ids.js';
import { route, scopes } from './route.js';
import { Instant, page, pageQuery, Reason } from './shapes.js';

export const ScopeName = z.enum(scopes);

const scopeSet = z
  .array(ScopeName)
  .min(1)
  .max(scopes.length)
  .refine(list => new Set(list).size === list.length, 'names a scope twice');

const KeyName = z.string().trim().min(1).max(80);

/**
 * The key that signs a validator's receipts. The client makes it; the wallet authorises it once, by EIP-712 over
 * `ReceiptKey(address account,address key,uint64 expiresAt)` in the domain `{name: "Arena", version: "1", chainId}`.
 */
export const ReceiptKeyInput = z
  .strictObject({
    address: Wallet,
    expiresAt: Instant,
    signature: z.string().regex(/^0x([0-9a-fA-F]{2}){1,2048}$/, 'must be 0x-prefixed hex'),
  })
  .meta({ id: 'ReceiptKeyInput' });

export const ApiKey = z
  .object({
    id: KeyId,
    name: z.string(),
    account: Wallet.nullable().meta({ description: 'null for an integrator key, which belongs to no wallet' }),
    prefix: z.string().meta({ description: 'The visible start of the key' }),
    scopes: z.array(ScopeName),
    receiptKey: z.object({ address: Wallet, expiresAt: Instant }).nullable(),
    createdAt: Instant,
    expiresAt: Instant,
    lastUsedAt: Instant.nullable(),
    revokedAt: Instant.nullable(),
  })
  .meta({ id: 'ApiKey' });

export const CreatedApiKey = ApiKey.extend({
  secret: z.string().meta({ description: 'The key itself. It is shown this once and stored only as a hash.' }),
}).meta({ id: 'CreatedApiKey' });

export const keyRoutes = {
  'keys.create': route({
    method: 'POST',
    path: '/v1/keys',
    summary: 'Make an API key',
    access: { who: 'account', scope: 'session' },
    limit: 'write',
    body: z.strictObject({
      name: KeyName,
      scopes: scopeSet,
      expiresAt: Instant.optional().meta({ description: '90 days from now when left out; a year at most' }),
      receiptKey: ReceiptKeyInput.optional(),
    }),
    status: 201,
    answer: CreatedApiKey,
    idempotent: 'secret',
    problems: ['key/too-many', 'key/expiry', 'key/scopes', 'key/receipt-key', 'chain/unavailable'],
  }),
  'keys.integrator': route({
    method: 'POST',
    path: '/v1/keys/integrators',
    summary: 'Make a key that belongs to no wallet, for an integrator',
    access: { who: 'admin' },
    limit: 'write',
    body: z.strictObject({
      name: KeyName,
      scopes: z
        .array(z.enum(['read', 'webhooks']))
        .min(1)
        .max(2),
      expiresAt: Instant.optional(),
      reason: Reason,
    }),
    status: 201,
    answer: CreatedApiKey,
    idempotent: 'secret',
    problems: ['key/expiry'],
  }),
  'keys.list': route({
    method: 'GET',
    path: '/v1/keys',
    summary: 'List your API keys, the revoked and the expired included',
    access: { who: 'account', scope: 'read' },
    limit: 'read',
    query: z.strictObject({ ...pageQuery, state: z.enum(['live', 'revoked', 'expired']).optional() }),
    status: 200,
    answer: page(ApiKey),
    problems: ['page/cursor'],
  }),
  'keys.integrators.list': route({
    method: 'GET',
    path: '/v1/keys/integrators',
    summary: 'List the integrator keys',
    access: { who: 'admin' },
    limit: 'read',
    query: z.strictObject(pageQuery),
    status: 200,
    answer: page(ApiKey),
    problems: ['page/cursor'],
  }),
  'keys.get': route({
    method: 'GET',
    path: '/v1/keys/:key',
    summary: 'Read one of your API keys',
    access: { who: 'account', scope: 'read' },
    owned: true,
    limit: 'read',
    params: z.strictObject({ key: KeyId }),
    status: 200,
    answer: ApiKey,
    problems: ['resource/not-found'],
  }),
  'keys.revoke': route({
    method: 'DELETE',
    path: '/v1/keys/:key',
    summary: 'Revoke a key: your own, or as an admin an integrator key',
    description: 'It stops working everywhere within a second. Revoking it again changes nothing.',
    access: { who: 'account', scope: 'session' },
    owned: true,
    limit: 'write',
    params: z.strictObject({ key: KeyId }),
    status: 200,
    answer: ApiKey,
    problems: ['resource/not-found'],
  }),
};
