import { z } from 'zod';
import { DatasetFormat, Purpose } from '../../http/datasets.js';
import { Phase, Schedule } from '../../http/tasks.js';
import { DatasetId, Sha256, TaskNumber } from '../../ids.js';
import { TaskSpec } from '../../task-spec.js';
import { StoredObject } from './shapes.js';

/**
 * Every task event carries the whole state: whoever got a later one first may ignore this one and has missed nothing.
 * They are public, so a task that was never scheduled sends none.
 */
export const TaskState = z.object({
  task: TaskNumber,
  phase: Phase,
  paused: z.boolean(),
  schedule: Schedule.nullable(),
  specHash: Sha256,
  spec: TaskSpec,
  rankingRoot: z.string().nullable(),
  reason: z.string().nullable(),
});

/** A dataset version that a task uses may be handed out now: for hidden set B, once submissions have closed. */
export const DatasetReleased = z.object({
  task: TaskNumber,
  purpose: Purpose,
  datasetId: DatasetId,
  version: z.int().min(1),
  size: z.int().min(0),
  format: DatasetFormat,
  ...StoredObject.shape,
});
