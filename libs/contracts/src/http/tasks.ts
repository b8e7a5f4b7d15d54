import { z } from 'zod';
import { Sha256, TaskNumber, TaskNumberText, Wallet } from '../ids.js';
import { kindNames, type Kind } from '../kinds.js';
import { Bytes32 } from '../messages/payloads/shapes.js';
import { TaskSpec } from '../task-spec.js';
import { route } from './route.js';
import { Instant, page, pageQuery, Reason, Wei } from './shapes.js';

export const phases = ['draft', 'verified', 'submission', 'final', 'finalised', 'cancelled'] as const;
export const Phase = z.enum(phases);

export const Schedule = z
  .strictObject({ opensAt: Instant, closesAt: Instant, finalEndsAt: Instant })
  .meta({ id: 'Schedule' });

/** What lists show: the task without its spec. */
export const TaskSummary = z
  .object({
    task: TaskNumber,
    title: z.string(),
    summary: z.string(),
    kind: z.enum(kindNames as [Kind, ...Kind[]]),
    phase: Phase,
    paused: z.boolean(),
    schedule: z
      .object({ opensAt: Instant, closesAt: Instant, finalEndsAt: Instant })
      .nullable()
      .meta({ description: 'null until an admin has set the times by opening the task' }),
    specHash: Sha256,
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({ id: 'TaskSummary' });

export const Task = TaskSummary.extend({
  spec: TaskSpec,
  rankingRoot: z.string().nullable(),
  cancelledFor: z.string().nullable(),
  onChain: z
    .object({
      status: z.enum(['created', 'verified', 'opened', 'finalised', 'cancelled']),
      creator: Wallet,
      bounty: Wei.meta({ description: 'As it was created; `GET /v1/chain/tasks/{task}` has what was added since' }),
      transaction: Bytes32.meta({ description: 'The last one that was followed here, with its block' }),
      block: z.int(),
      conflict: z
        .string()
        .nullable()
        .meta({ description: 'What keeps the task here from being what the chain says, in words' }),
    })
    .nullable()
    .meta({ description: 'The task in the registry; null until it is created there. From then on the chain moves it' }),
}).meta({ id: 'Task' });

const Side = z.object({
  accounts: z.int().meta({ description: 'Who has staked at least the minimum of this role' }),
  own: Wei,
  delegated: Wei,
  effective: Wei.meta({ description: 'Sum of own + min(ε · delegated, cap · own)' }),
});
export const Participants = z
  .object({ trainers: Side, validators: Side })
  .meta({ id: 'Participants', description: 'By finalised stakes alone' });

export const TaskChange = z
  .object({
    at: Instant,
    what: z.enum([
      'created', 'edited', 'verified', 'scheduled', 'opened', 'extended', 'paused', 'resumed', 'closed', 'finalised', 'cancelled',
    ]), // prettier-ignore
    phase: Phase,
    reason: z.string().nullable(),
    schedule: z.object({ opensAt: Instant, closesAt: Instant, finalEndsAt: Instant }).nullable(),
  })
  .meta({ id: 'TaskChange' });

const oneTask = z.strictObject({ task: TaskNumberText });
const admin = { access: { who: 'admin' }, limit: 'write' } as const;
const move = { ...admin, method: 'POST', params: oneTask, status: 200, answer: Task, idempotent: 'stored' } as const;

export const taskRoutes = {
  'tasks.list': route({
    method: 'GET',
    path: '/v1/tasks',
    summary: 'List tasks, newest first; drafts are shown to admins only',
    access: { who: 'anyone' },
    limit: 'read',
    query: z.strictObject({
      ...pageQuery,
      phase: Phase.optional(),
      kind: z.enum(kindNames as [Kind, ...Kind[]]).optional(),
      closesBefore: Instant.optional(),
      closesAfter: Instant.optional(),
    }),
    status: 200,
    answer: page(TaskSummary),
    problems: ['page/cursor'],
  }),
  'tasks.get': route({
    method: 'GET',
    path: '/v1/tasks/:task',
    summary: 'Read a task with its whole spec',
    access: { who: 'anyone' },
    limit: 'read',
    params: oneTask,
    status: 200,
    answer: Task,
    etag: 'answer',
    problems: ['resource/not-found'],
  }),
  'tasks.history': route({
    method: 'GET',
    path: '/v1/tasks/:task/history',
    summary: 'What happened to a task, with times and reasons',
    access: { who: 'anyone' },
    limit: 'read',
    params: oneTask,
    query: z.strictObject(pageQuery),
    status: 200,
    answer: page(TaskChange),
    problems: ['resource/not-found', 'page/cursor'],
  }),
  'tasks.participants': route({
    method: 'GET',
    path: '/v1/tasks/:task/participants',
    summary: 'How many trainers and validators have staked on a task, and how much',
    access: { who: 'anyone' },
    limit: 'read',
    params: oneTask,
    status: 200,
    answer: Participants,
    problems: ['resource/not-found'],
  }),
  'tasks.create': route({
    ...admin,
    method: 'POST',
    path: '/v1/tasks',
    summary: 'Draft a task',
    body: z.strictObject({ spec: TaskSpec }),
    status: 201,
    answer: Task,
    idempotent: 'stored',
  }),
  'tasks.edit': route({
    ...admin,
    method: 'PATCH',
    path: '/v1/tasks/:task',
    summary: 'Replace the spec of a task that has not opened; a verified one is a draft again',
    params: oneTask,
    body: z.strictObject({ spec: TaskSpec, reason: Reason.optional() }),
    status: 200,
    answer: Task,
    etag: 'if-match',
    problems: ['resource/not-found', 'task/immutable'],
  }),
  'tasks.verify': route({
    ...move,
    path: '/v1/tasks/:task/verify',
    summary: 'Check the spec against its datasets and declare it fit to open',
    body: z.strictObject({ reason: Reason.optional() }),
    problems: ['resource/not-found', 'task/on-chain', 'task/phase', 'task/dataset'],
  }),
  'tasks.open': route({
    ...move,
    path: '/v1/tasks/:task/open',
    summary: 'Set the times of a verified task; it opens by itself at opensAt, or at once if that has passed',
    body: z.strictObject({ schedule: Schedule, reason: Reason.optional() }),
    problems: ['resource/not-found', 'task/on-chain', 'task/phase', 'task/schedule'],
  }),
  'tasks.extend': route({
    ...move,
    path: '/v1/tasks/:task/extend',
    summary: 'Move deadlines that have not passed to a later time',
    body: z
      .strictObject({ closesAt: Instant.optional(), finalEndsAt: Instant.optional(), reason: Reason })
      .refine(body => body.closesAt ?? body.finalEndsAt, 'names no new deadline'),
    problems: ['resource/not-found', 'task/on-chain', 'task/phase', 'task/paused', 'task/schedule'],
  }),
  'tasks.pause': route({
    ...move,
    path: '/v1/tasks/:task/pause',
    summary: 'Stop the clock of a running task',
    body: z.strictObject({ reason: Reason }),
    problems: ['resource/not-found', 'task/phase', 'task/paused'],
  }),
  'tasks.resume': route({
    ...move,
    path: '/v1/tasks/:task/resume',
    summary: 'Start the clock again; deadlines shift by as long as the task stood still',
    body: z.strictObject({ reason: Reason }),
    problems: ['resource/not-found', 'task/phase', 'task/not-paused'],
  }),
  'tasks.finalise': route({
    ...move,
    path: '/v1/tasks/:task/finalise',
    summary: 'Declare the final ranking, after the final phase has ended',
    body: z.strictObject({ rankingRoot: z.string().regex(/^0x[0-9a-f]{64}$/), reason: Reason.optional() }),
    problems: ['resource/not-found', 'task/on-chain', 'task/phase', 'task/paused'],
  }),
  'tasks.cancel': route({
    ...move,
    path: '/v1/tasks/:task/cancel',
    summary: 'Cancel a task that is not finalised',
    body: z.strictObject({ reason: Reason }),
    problems: ['resource/not-found', 'task/on-chain', 'task/phase'],
  }),
};
