// The sketch of the model that a task's models began from, so that similarity counts only what was trained since.
import { join } from 'node:path';
import type { KnownTask } from '../../core/uploading.js';
import {
  findReleasedStarter,
  findStarter,
  keepStarter,
  type ReleasedStarter,
  type Starter,
} from '../../store/starters.js';
import { ChildCrashed, runChild } from './child.js';
import { metered, type IntakeParts } from './parts.js';
import { rulesOf } from './rules.js';

/** Undefined when the task names none, or one that cannot be read: then models are compared as they are. */
export async function starterSketch(
  parts: IntakeParts,
  { task, spec }: KnownTask,
  stopping: AbortSignal,
): Promise<Uint8Array | undefined> {
  const named = spec.model.starter;
  if (!named) return undefined;
  const { read } = parts.database;
  let starter = await findStarter(read, named.sha256);
  if (!starter) {
    const released = await findReleasedStarter(read, task);
    // It is told of together with the opening, so it will come.
    if (released?.sha256 !== named.sha256) throw new Error('the starter model of the task is not known yet');
    starter = await metered(parts, 'starter', () => sketched(parts, { released, spec, stopping }));
    await keepStarter(read, named.sha256, starter);
    if (starter.fault !== null) parts.log.error({ task, fault: starter.fault }, 'a starter model cannot be read');
  }
  return starter.sketch ?? undefined;
}

interface Wanted {
  released: ReleasedStarter;
  spec: KnownTask['spec'];
  stopping: AbortSignal;
}

const unreadable = (fault: string): Starter => ({ sketch: null, fault });

async function sketched(parts: IntakeParts, { released, spec, stopping }: Wanted): Promise<Starter> {
  if (released.format !== 'onnx') return unreadable(`it is of the format ${released.format}`);
  return parts.scratch.use(released.size, stopping, async folder => {
    const model = join(folder, 'starter');
    const landed = await parts.originals.downloadDataset(released, model, stopping);
    if (landed.sha256 !== released.sha256) throw new Error('the starter model hashes to something else');
    try {
      const request = { model, data: null, rules: rulesOf(spec), out: null, bytes: released.size };
      const answer = await runChild(request, { limits: parts.limits, stopping });
      if (answer.is === 'refused') return unreadable([...new Set(answer.reasons.map(({ code }) => code))].join(', '));
      return { sketch: Buffer.from(answer.print.sketch, 'base64'), fault: null };
    } catch (error) {
      if (!(error instanceof ChildCrashed)) throw error;
      parts.meter.crashed();
      return unreadable(error.message);
    }
  });
}
