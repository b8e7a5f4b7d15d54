import { z } from 'zod';
import { Wallet } from '../ids.js';
import { Role } from './auth.js';
import { route } from './route.js';
import { Instant, page, pageQuery, Reason } from './shapes.js';

const DisplayName = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[^\p{C}<>]*$/u, 'must not hold control characters or angle brackets');

/** A group of accounts that declare a common interest: they never score each other. */
const ConflictGroup = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._-]{1,62}$/, 'must be 2 to 63 of a-z, 0-9, dot, underscore and dash');

export const PublicAccount = z
  .object({ account: Wallet, displayName: z.string().nullable(), createdAt: Instant })
  .meta({ id: 'PublicAccount' });

export const Account = PublicAccount.extend({
  payoutAddress: Wallet.nullable(),
  conflictGroup: z.string().nullable(),
  roles: z.array(Role),
  updatedAt: Instant,
}).meta({ id: 'Account' });

const oneAccount = z.strictObject({ account: Wallet });

export const accountRoutes = {
  'accounts.mine': route({
    method: 'GET',
    path: '/v1/accounts/me',
    summary: 'Read your account',
    access: { who: 'account', scope: 'read' },
    limit: 'read',
    status: 200,
    answer: Account,
    etag: 'answer',
  }),
  'accounts.edit': route({
    method: 'PATCH',
    path: '/v1/accounts/me',
    summary: 'Change your display name, payout address or declared conflict group',
    description: 'A field that is left out stays; null clears it.',
    access: { who: 'account', scope: 'session' },
    limit: 'write',
    body: z.strictObject({
      displayName: DisplayName.nullable().optional(),
      payoutAddress: Wallet.nullable().optional(),
      conflictGroup: ConflictGroup.nullable().optional(),
    }),
    status: 200,
    answer: Account,
    etag: 'if-match',
  }),
  'accounts.list': route({
    method: 'GET',
    path: '/v1/accounts',
    summary: 'List accounts',
    access: { who: 'admin' },
    limit: 'read',
    query: z.strictObject({ ...pageQuery, role: Role.optional() }),
    status: 200,
    answer: page(Account),
    problems: ['page/cursor'],
  }),
  'accounts.get': route({
    method: 'GET',
    path: '/v1/accounts/:account',
    summary: 'Read what is public of an account',
    access: { who: 'anyone' },
    limit: 'read',
    params: oneAccount,
    status: 200,
    answer: PublicAccount,
    problems: ['resource/not-found'],
  }),
  'accounts.roles.grant': route({
    method: 'PUT',
    path: '/v1/accounts/:account/roles/:role',
    summary: 'Grant a role',
    access: { who: 'admin' },
    limit: 'write',
    params: z.strictObject({ account: Wallet, role: Role }),
    body: z.strictObject({ reason: Reason }),
    status: 200,
    answer: Account,
  }),
  'accounts.roles.withdraw': route({
    method: 'DELETE',
    path: '/v1/accounts/:account/roles/:role',
    summary: 'Withdraw a role',
    access: { who: 'admin' },
    limit: 'write',
    params: z.strictObject({ account: Wallet, role: Role }),
    query: z.strictObject({ reason: Reason }),
    status: 200,
    answer: Account,
    problems: ['resource/not-found', 'account/last-admin'],
  }),
};
