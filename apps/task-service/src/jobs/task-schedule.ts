// Opens and closes tasks on time. What is due stands in the database, so a restart forgets nothing and several
// instances share the work: each due task is locked by the one that moves it.
import { crashPoint } from '@arena/db';
import type { Logger, Shutdown } from '@arena/observe';
import { startLoop, type Clock, type Loop } from '@arena/service';
import type { TaskDatabase } from '../store/database.js';
import { moveTask } from '../store/task-moves.js';
import { holdDueTask, nextDueAt } from '../store/tasks.js';

export const TASK_SCHEDULE = Symbol('TaskSchedule');
export type TaskSchedule = Pick<Loop, 'wake'>;

export interface TaskScheduleParts {
  database: TaskDatabase;
  now: Clock;
  log: Logger;
  shutdown: Shutdown;
  datasetsBucket: string;
}

/** Another instance may have set a time that this one has not heard of. */
const LONGEST_REST_MS = 1_000;

export function startTaskSchedule({ database, now, log, shutdown, datasetsBucket }: TaskScheduleParts): TaskSchedule {
  const by = { actor: 'service:task-service', reason: null, datasetsBucket };

  const moveOne = () =>
    database.transaction(async tx => {
      const due = await holdDueTask(tx, now());
      if (due) await moveTask(tx, due, { do: 'tick' }, by, now());
      if (due) crashPoint('task-schedule.before-commit');
      return due !== undefined;
    });

  return startLoop({
    name: 'task-schedule',
    everyMs: LONGEST_REST_MS,
    log,
    shutdown,
    async work() {
      while (await moveOne());
      const next = await nextDueAt(database.read);
      const untilNext = next === null ? Infinity : next.getTime() - now().getTime();
      return Math.min(LONGEST_REST_MS, Math.max(10, untilNext));
    },
  });
}
