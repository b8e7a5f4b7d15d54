import type { TestProject } from 'vitest/node';
import { openBroker, type Broker } from './broker.js';

/** Projects of one run each load this file anew: what they share hangs on the process. */
const run = globalThis as { arenaBroker?: { broker: Promise<Broker>; users: number } };

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  run.arenaBroker ??= { broker: openBroker(), users: 0 };
  const shared = run.arenaBroker;
  shared.users++;
  const broker = await shared.broker;
  project.provide('arenaBroker', broker.url);
  return async () => {
    if (--shared.users > 0) return;
    delete run.arenaBroker;
    await broker.close();
  };
}
