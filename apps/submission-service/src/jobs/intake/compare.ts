// Which models of others are like this one. There may be thousands: they are compared before anything is locked, and
// other work gets its turn in between.
import { setImmediate as otherWork } from 'node:timers/promises';
import { similarityTo } from '@arena/onnx';
import type { Inspected } from '../../core/intake.js';
import type { Tx } from '../../store/database.js';
import { sketchesAfter } from '../../store/models.js';

export interface Similar {
  /** In parts per million, by submission; only what the task calls a copy. */
  likeness: Map<string, number>;
  /** The last of the task's models that was looked at. */
  upTo: bigint;
}

export interface Comparison {
  task: number;
  trainer: string;
  found: Inspected;
  thresholdPpm: number;
  starter: Uint8Array | undefined;
}

const TURN_MS = 5;

/** Goes on from what was found before. */
export function comparisonOf({ task, trainer, found, thresholdPpm, starter }: Comparison) {
  const { print, report } = found;
  const similar = similarityTo(Buffer.from(print.sketch, 'base64'), starter);
  // Models without weights have the same tensors, namely none.
  const hasWeights = report.parameters > 0;
  return async (tx: Tx, since: Similar = { likeness: new Map(), upTo: 0n }): Promise<Similar> => {
    const likeness = new Map(since.likeness);
    let { upTo } = since;
    let turn = performance.now();
    for (;;) {
      const page = await sketchesAfter(tx, { task, trainer, print }, upTo);
      if (page.length === 0) return { likeness, upTo };
      for (const { number, submission, sketch, sameTensors } of page) {
        const ppm = sameTensors && hasWeights ? 1_000_000 : similar(sketch);
        if (ppm >= thresholdPpm) likeness.set(submission, ppm);
        upTo = number;
        if (performance.now() - turn < TURN_MS) continue;
        await otherWork();
        turn = performance.now();
      }
    }
  };
}
