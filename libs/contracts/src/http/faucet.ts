import { z } from 'zod';
import { Wallet } from '../ids.js';
import { route } from './route.js';
import { Instant, Wei } from './shapes.js';

export const transactionStatuses = ['waiting', 'reserved', 'sent', 'mined', 'done', 'failed'] as const;

export const FaucetTransaction = z
  .object({
    gives: z.enum(['gas', 'tokens']),
    status: z.enum(transactionStatuses).meta({ description: 'done: in a block that can not be undone' }),
    hash: z.string().nullable().meta({ description: 'null until it is signed' }),
    block: z.int().nullable(),
    reason: z.string().nullable().meta({ description: 'Why it failed, or what it waits for' }),
  })
  .meta({ id: 'FaucetTransaction' });

export const FaucetGrant = z
  .object({
    grant: z.uuid(),
    account: Wallet,
    tokens: Wei,
    gas: Wei,
    askedAt: Instant,
    transactions: z.array(FaucetTransaction),
  })
  .meta({ id: 'FaucetGrant' });

export const Faucet = z
  .object({
    open: z.boolean(),
    tokens: Wei.meta({ description: 'Test tokens in one grant' }),
    gas: Wei.meta({ description: 'Of the chain’s own coin, to pay for transactions' }),
    grantsPerDay: z.int().meta({ description: 'For one account, by UTC days' }),
  })
  .meta({ id: 'Faucet' });

export const faucetRoutes = {
  'faucet.get': route({
    method: 'GET',
    path: '/v1/faucet',
    summary: 'Whether this chain has a faucet, and what it gives',
    access: { who: 'anyone' },
    limit: 'read',
    status: 200,
    answer: Faucet,
  }),
  'faucet.ask': route({
    method: 'POST',
    path: '/v1/faucet',
    summary: 'Ask for test tokens and gas for your own wallet',
    description:
      'On development chains only. The transactions are sent afterwards; the grant shows what became of them.',
    access: { who: 'account', scope: 'session' },
    limit: 'write',
    status: 202,
    answer: FaucetGrant,
    idempotent: 'stored',
    problems: ['faucet/closed', 'faucet/limit'],
  }),
  'faucet.grants.get': route({
    method: 'GET',
    path: '/v1/faucet/grants/:grant',
    summary: 'Read one of your grants and its transactions',
    access: { who: 'account', scope: 'read' },
    owned: true,
    limit: 'read',
    params: z.strictObject({ grant: z.uuid() }),
    status: 200,
    answer: FaucetGrant,
    problems: ['resource/not-found'],
  }),
};
