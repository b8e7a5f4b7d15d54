// What the chain says of tasks comes by message and is taken at once. What could not be followed then is looked at again:
// datasets become ready, specs are mended, and a task may be drafted after its number was registered.
import type { MessageOf, ServiceName } from '@arena/contracts';
import type { Logger, Shutdown } from '@arena/observe';
import { receive } from '@arena/outbox';
import { CLOCK, DATABASE, ENV, LOG, SERVICE, SHUTDOWN, startLoop, type Clock } from '@arena/service';
import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { Env } from '../env.js';
import type { TaskDatabase } from '../store/database.js';
import { unfollowedTasks } from '../store/task-chain.js';
import { followAgain, takeFact, type Reached } from '../store/task-follow.js';
import { TASK_SCHEDULE, type TaskSchedule } from './task-schedule.js';

const LOOK_AGAIN_MS = 2_000;

@Controller()
export class ChainFollower {
  constructor(
    @Inject(DATABASE) private readonly database: TaskDatabase,
    @Inject(SERVICE) private readonly subscriber: ServiceName,
    @Inject(ENV) private readonly env: Env,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Logger,
    @Inject(TASK_SCHEDULE) private readonly schedule: TaskSchedule,
    @Inject(SHUTDOWN) shutdown: Shutdown,
  ) {
    startLoop({ name: 'chain-follower', everyMs: LOOK_AGAIN_MS, log, shutdown, work: () => this.lookAgain() });
  }

  @EventPattern('task.registered.v1')
  async registered(@Payload() message: MessageOf<'task.registered.v1'>): Promise<void> {
    const { database, subscriber } = this;
    let reached: Reached | undefined;
    await receive(database, { message, subscriber }, async tx => {
      reached = await takeFact(tx, message, this.at());
    });
    this.tell(message.payload.task, reached);
  }

  async lookAgain(): Promise<void> {
    for (const task of await unfollowedTasks(this.database.read))
      this.tell(task, await this.database.transaction(tx => followAgain(tx, task, this.at())));
  }

  private at() {
    return { now: this.clock(), datasetsBucket: this.env.DATASETS_BUCKET };
  }

  private tell(task: number, reached: Reached | undefined): void {
    if (reached?.newConflict)
      this.log.warn({ task, conflict: reached.chain.conflict }, 'a task is not what the chain says');
    this.schedule.wake();
  }
}
