import { z } from 'zod';
import { TaskNumberText, Wallet } from '../ids.js';
import { Epoch } from '../messages/payloads/shapes.js';
import {
  ChainAccount,
  ChainCase,
  ChainClaim,
  ChainDelegation,
  ChainLock,
  ChainPool,
  ChainRoot,
  ChainStake,
  ChainStatus,
  ChainTask,
  ChainTaskChange,
  ChainUndelegation,
  ChainWeight,
  RoleName,
} from './chain-shapes.js';
import { route } from './route.js';
import { Instant, page, pageQuery } from './shapes.js';

const BlockText = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const read = { method: 'GET', access: { who: 'anyone' }, limit: 'read', status: 200 } as const;
const program = { program: z.coerce.number().int().min(0).max(255).default(0) };
const place = { ...program, task: TaskNumberText.optional(), role: RoleName.optional() };
const atBlock = {
  atBlock: BlockText.optional().meta({ description: 'As it was after this block; left out, after the newest one' }),
};
const oneTask = z.strictObject({ task: TaskNumberText });

export const chainRoutes = {
  'chain.status': route({
    ...read,
    path: '/v1/chain/status',
    summary: 'How far the indexer is, what it follows, and whether it can be trusted right now',
    answer: ChainStatus,
  }),
  'chain.stakes.list': route({
    ...read,
    path: '/v1/chain/stakes',
    summary: 'Own stakes above zero, at the newest block or at any earlier one',
    query: z.strictObject({ ...pageQuery, ...place, account: Wallet.optional(), ...atBlock }),
    answer: page(ChainStake),
    problems: ['page/cursor', 'chain/not-reached'],
  }),
  'chain.stakes.history': route({
    ...read,
    path: '/v1/chain/stakes/history',
    summary: 'Every change of the own stakes of an account, newest first',
    query: z.strictObject({ ...pageQuery, ...place, account: Wallet }),
    answer: page(ChainStake),
    problems: ['page/cursor'],
  }),
  'chain.weights': route({
    ...read,
    path: '/v1/chain/weights',
    summary: 'Stake × seconds on a task over [from, to), per account; or per delegation',
    description:
      'Only finalised blocks count, unless `finality=latest`. The answer says which block was the last that counted, and ' +
      'up to when: `until` is `to` or, while that is not known yet, the time of that block.',
    query: z
      .strictObject({
        ...pageQuery,
        ...program,
        task: TaskNumberText,
        role: RoleName,
        from: Instant,
        to: Instant,
        of: z.enum(['stakes', 'delegations']).default('stakes'),
        account: Wallet.optional(),
        operator: Wallet.optional().meta({ description: 'Of delegations only' }),
        finality: z.enum(['finalised', 'latest']).default('finalised'),
      })
      .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { path: ['to'], message: 'must be later than from' })
      .refine(
        ({ from, to }) => [from, to].every(time => Date.parse(time) % 1_000 === 0),
        'blocks know whole seconds only',
      ),
    answer: page(ChainWeight).extend({
      from: Instant,
      until: Instant,
      complete: z
        .boolean()
        .meta({ description: 'Nothing that is still to come can change it: until is to, finalised' }),
      block: z.int(),
      finalised: z.boolean(),
    }),
    problems: ['page/cursor', 'chain/not-reached'],
  }),
  'chain.delegations.list': route({
    ...read,
    path: '/v1/chain/delegations',
    summary: 'Delegations above zero, by delegator, operator or task, at the newest block or at any earlier one',
    query: z.strictObject({
      ...pageQuery,
      ...place,
      account: Wallet.optional(),
      operator: Wallet.optional(),
      ...atBlock,
    }),
    answer: page(ChainDelegation),
    problems: ['page/cursor', 'chain/not-reached'],
  }),
  'chain.delegations.history': route({
    ...read,
    path: '/v1/chain/delegations/history',
    summary: 'Every change of the delegations of an account, or to an operator, newest first',
    query: z
      .strictObject({ ...pageQuery, ...place, account: Wallet.optional(), operator: Wallet.optional() })
      .refine(({ account, operator }) => account ?? operator, 'names neither an account nor an operator'),
    answer: page(ChainDelegation),
    problems: ['page/cursor'],
  }),
  'chain.undelegations.list': route({
    ...read,
    path: '/v1/chain/undelegations',
    summary: 'What an account has taken back and not yet withdrawn',
    query: z.strictObject({ ...pageQuery, ...place, account: Wallet }),
    answer: page(ChainUndelegation),
    problems: ['page/cursor'],
  }),
  'chain.pools.list': route({
    ...read,
    path: '/v1/chain/pools',
    summary: 'Operators with what they staked themselves and what was delegated to them',
    query: z.strictObject({ ...pageQuery, ...place }),
    answer: page(ChainPool),
    problems: ['page/cursor'],
  }),
  'chain.pools.get': route({
    ...read,
    path: '/v1/chain/pools/:operator',
    summary: 'The pool of an operator for one task and role',
    params: z.strictObject({ operator: Wallet }),
    query: z.strictObject({ ...program, task: TaskNumberText, role: RoleName }),
    answer: ChainPool,
    problems: ['resource/not-found'],
  }),
  'chain.locks.list': route({
    ...read,
    path: '/v1/chain/locks',
    summary: 'The open locks of an account',
    query: z.strictObject({ ...pageQuery, account: Wallet }),
    answer: page(ChainLock),
    problems: ['page/cursor'],
  }),
  'chain.roots.list': route({
    ...read,
    path: '/v1/chain/roots',
    summary: 'Roots of cumulative earnings, newest epoch first',
    query: z.strictObject(pageQuery),
    answer: page(ChainRoot),
    problems: ['page/cursor'],
  }),
  'chain.roots.get': route({
    ...read,
    path: '/v1/chain/roots/:epoch',
    summary: 'The root of one epoch',
    params: z.strictObject({ epoch: z.coerce.number().pipe(Epoch) }),
    answer: ChainRoot,
    problems: ['resource/not-found'],
  }),
  'chain.claims.list': route({
    ...read,
    path: '/v1/chain/claims',
    summary: 'What was paid, newest first',
    query: z.strictObject({ ...pageQuery, account: Wallet.optional() }),
    answer: page(ChainClaim),
    problems: ['page/cursor'],
  }),
  'chain.tasks.get': route({
    ...read,
    path: '/v1/chain/tasks/:task',
    summary: 'What the registry says of a task',
    params: oneTask,
    answer: ChainTask,
    problems: ['resource/not-found'],
  }),
  'chain.tasks.history': route({
    ...read,
    path: '/v1/chain/tasks/:task/history',
    summary: 'Everything that happened to a task in the registry, oldest first',
    params: oneTask,
    query: z.strictObject(pageQuery),
    answer: page(ChainTaskChange),
    problems: ['resource/not-found', 'page/cursor'],
  }),
  'chain.cases.list': route({
    ...read,
    path: '/v1/chain/cases',
    summary: 'Cases against operators, newest first',
    query: z.strictObject({ ...pageQuery, account: Wallet.optional(), task: TaskNumberText.optional() }),
    answer: page(ChainCase),
    problems: ['page/cursor'],
  }),
  'chain.accounts.get': route({
    ...read,
    path: '/v1/chain/accounts/:account',
    summary: 'What an account holds in the arena: locks, stakes, delegations given and received, claims',
    params: z.strictObject({ account: Wallet }),
    answer: ChainAccount,
  }),
};
