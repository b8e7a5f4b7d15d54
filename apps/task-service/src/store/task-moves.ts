// The shell around core/task: state, history, events, released datasets and audit entry go into one transaction.
import { DomainError } from '@arena/problem';
import { publish } from '@arena/outbox';
import { datasetsOf } from '../core/task-datasets.js';
import { eventOf, releasedBy } from '../core/task-messages.js';
import { decide, type TaskCommand, type TaskStep } from '../core/task.js';
import { recordAudit } from './audit.js';
import type { Tx } from './database.js';
import { findReadyVersions } from './datasets.js';
import { saveChange, saveTask, type StoredTask } from './tasks.js';

export interface Mover {
  actor: string;
  reason: string | null;
  datasetsBucket: string;
}

/** `held` must be locked by this transaction. Answers the task as it is now. */
export async function moveTask(
  tx: Tx,
  held: StoredTask,
  command: TaskCommand,
  by: Mover,
  now: Date,
): Promise<StoredTask> {
  const steps = decide(held.state, command, now);
  if (steps.length === 0) return held;
  const current = await takeSteps(tx, held, steps, by, now);
  await saveTask(tx, current);
  await recordAudit(tx, {
    at: now,
    actor: by.actor,
    action: `task.${command.do === 'tick' ? (steps.at(-1)?.what ?? 'tick') : command.do}`,
    subject: `task:${held.task}`,
    reason: by.reason,
    before: held.state,
    after: current.state,
  });
  return current;
}

/** Their history and messages. Saving what the task is in the end, and the audit entry, are the caller's. */
export async function takeSteps(
  tx: Tx,
  held: StoredTask,
  steps: readonly TaskStep[],
  by: Mover,
  now: Date,
): Promise<StoredTask> {
  let current = held;
  for (const step of steps) current = await take(tx, current, step, by, now);
  return current;
}

async function take(tx: Tx, before: StoredTask, step: TaskStep, by: Mover, now: Date): Promise<StoredTask> {
  const event = eventOf(before, step, by.reason);
  const after: StoredTask = {
    ...before,
    state: step.state,
    version: before.version + 1n,
    eventVersion: before.eventVersion + (event ? 1 : 0),
    updatedAt: now,
  };
  await saveChange(tx, after, step.what, now, by.reason);
  if (event) await publish(tx, { ...event, entity: `task:${after.task}`, entityVersion: after.eventVersion });
  await release(tx, after, step, by.datasetsBucket);
  return after;
}

async function release(tx: Tx, { task, spec }: StoredTask, step: TaskStep, bucket: string): Promise<void> {
  const purposes = releasedBy(step);
  const refs = datasetsOf(spec).filter(({ purpose }) => purposes.includes(purpose)).map(({ ref }) => ref); // prettier-ignore
  const ready = await findReadyVersions(tx, refs);
  if (ready.length < refs.length) throw new DomainError('task/dataset');
  for (const { dataset, version, purpose, sha256, size, format, key } of ready)
    await publish(tx, {
      name: 'dataset.released.v1',
      entity: `task:${task}/${purpose}`,
      entityVersion: 1,
      payload: { task, purpose, datasetId: dataset, version, sha256, size, format, bucket, key },
    });
}
