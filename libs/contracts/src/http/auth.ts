import { z } from 'zod';
import { KeyId, Wallet } from '../ids.js';
import { route } from './route.js';
import { Instant, page, pageQuery } from './shapes.js';

export const Role = z.enum(['admin']);

export const Session = z
  .object({ id: z.string(), account: Wallet, createdAt: Instant, expiresAt: Instant, current: z.boolean() })
  .meta({ id: 'Session' });

export const authRoutes = {
  'auth.nonce': route({
    method: 'POST',
    path: '/v1/auth/nonce',
    summary: 'Get a nonce and what a sign-in message has to say',
    access: { who: 'anyone' },
    limit: 'auth',
    body: z.strictObject({}).optional(),
    status: 200,
    answer: z
      .object({
        nonce: z.string(),
        domain: z.string(),
        uri: z.string(),
        chainId: z.int(),
        version: z.literal('1'),
        statement: z.string(),
        expiresAt: Instant,
      })
      .meta({ id: 'SignInChallenge' }),
  }),
  'auth.login': route({
    method: 'POST',
    path: '/v1/auth/login',
    summary: 'Sign in with a wallet (EIP-4361; contract wallets by EIP-1271)',
    access: { who: 'anyone' },
    limit: 'auth',
    body: z.strictObject({
      message: z.string().min(1).max(4_000),
      signature: z.string().regex(/^0x([0-9a-fA-F]{2}){1,2048}$/, 'must be 0x-prefixed hex'),
    }),
    status: 200,
    answer: z
      .object({ token: z.string(), id: z.string(), account: Wallet, roles: z.array(Role), expiresAt: Instant })
      .meta({ id: 'SignedIn' }),
    problems: ['auth/message-invalid', 'auth/nonce', 'auth/signature', 'chain/unavailable'],
  }),
  'auth.logout': route({
    method: 'POST',
    path: '/v1/auth/logout',
    summary: 'End the session that makes this call',
    access: { who: 'account', scope: 'session' },
    limit: 'write',
    status: 204,
    answer: null,
  }),
  'auth.sessions.list': route({
    method: 'GET',
    path: '/v1/auth/sessions',
    summary: 'List your live sessions',
    access: { who: 'account', scope: 'session' },
    limit: 'read',
    query: z.strictObject(pageQuery),
    status: 200,
    answer: page(Session),
    problems: ['page/cursor'],
  }),
  'auth.sessions.end': route({
    method: 'DELETE',
    path: '/v1/auth/sessions/:session',
    summary: 'End one of your sessions',
    access: { who: 'account', scope: 'session' },
    owned: true,
    limit: 'write',
    params: z.strictObject({ session: KeyId }),
    status: 204,
    answer: null,
    problems: ['resource/not-found'],
  }),
};
