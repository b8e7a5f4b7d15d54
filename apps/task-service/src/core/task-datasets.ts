import type { DatasetRef, Purpose, TaskSpec } from '@arena/contracts';
import type { FieldError } from '@arena/problem';
import type { z } from 'zod';

export interface ReadyVersion {
  dataset: string;
  version: number;
  purpose: z.output<typeof Purpose>;
  sha256: string;
}

/** What a spec asks of which dataset, with the place in the request that names it. */
export function datasetsOf(spec: TaskSpec): { ref: DatasetRef; purpose: ReadyVersion['purpose']; pointer: string }[] {
  const { training, hiddenA, hiddenB } = spec.data;
  return [
    ...training.map((ref, i) => ({ ref, purpose: 'training' as const, pointer: `/spec/data/training/${i}` })),
    { ref: hiddenA, purpose: 'hidden-a', pointer: '/spec/data/hiddenA' },
    { ref: hiddenB, purpose: 'hidden-b', pointer: '/spec/data/hiddenB' },
    ...(spec.model.starter
      ? [{ ref: spec.model.starter, purpose: 'starter' as const, pointer: '/spec/model/starter' }]
      : []),
  ];
}

/** Everything that keeps the datasets of a spec from being used, at once. */
export function datasetFaults(spec: TaskSpec, ready: readonly ReadyVersion[]): FieldError[] {
  const faults = datasetsOf(spec).flatMap(({ ref, purpose, pointer }) => {
    const found = ready.find(({ dataset, version }) => dataset === ref.dataset && version === ref.version);
    if (!found) return [{ pointer, detail: 'There is no such dataset version, or it is not ready' }];
    if (found.purpose !== purpose) return [{ pointer, detail: `It is a ${found.purpose} set, not a ${purpose} set` }];
    return found.sha256 === ref.sha256 ? [] : [{ pointer: `${pointer}/sha256`, detail: 'It has another sha256' }];
  });
  const { training, hiddenA, hiddenB } = spec.data;
  const hidden = new Set<string>([hiddenA.sha256, hiddenB.sha256]);
  if (hidden.size === 1)
    faults.push({ pointer: '/spec/data/hiddenB', detail: 'It is the same data as the hidden set A' });
  training.forEach((ref, i) => {
    if (hidden.has(ref.sha256))
      faults.push({ pointer: `/spec/data/training/${i}`, detail: 'It is the same data as a hidden set' });
  });
  return faults;
}
