// Inputs and outputs against the task's signature, by position. Names are for people: the arena renames them anyway.
import { elementTypes, type ElementName } from '../element-types.js';
import { shown, type Findings } from '../error.js';
import { MAX_RANK, type Value } from '../model.js';
import type { Rules } from './rules.js';

/** How a model declares a value; null is what it leaves open. */
export interface Declared {
  name: string;
  type: ElementName | null;
  shape: (number | null)[] | null;
}

type Wanted = Rules['inputs'][number];

export const declared = ({ name, type }: Value): Declared => ({
  name: shown(name),
  type: elementTypes[type?.tensor?.type ?? 0]?.name ?? null,
  shape:
    type?.tensor?.shape?.dims.slice(0, MAX_RANK + 1).map(({ value }) => (value === null ? null : Number(value))) ??
    null,
});

export function judgeSignature(
  kind: 'inputs' | 'outputs',
  values: readonly Value[],
  wanted: readonly Wanted[],
  findings: Findings,
): void {
  const where = kind === 'inputs' ? '/graph/input' : '/graph/output';
  const code = `onnx/${kind}` as const;
  if (values.length !== wanted.length) findings.add(code, where, `${values.length} ${kind}, not ${wanted.length}`);
  values.forEach((value, index) => {
    const want = wanted[index];
    const complaint = want && complaintAbout(declared(value), want);
    if (complaint) findings.add(code, `${where}/${index}`, complaint);
  });
}

function complaintAbout({ type, shape }: Declared, want: Wanted): string | null {
  if (type !== want.type) return `of type ${type ?? 'unknown'}, not ${want.type}`;
  // A shape that the model leaves open is found out when it runs.
  if (!shape) return null;
  const fits = shape.length === want.shape.length && want.shape.every((dim, axis) => fitsDim(shape[axis] ?? null, dim));
  return fits
    ? null
    : `of shape [${shape
        .slice(0, 8)
        .map(dim => dim ?? '?')
        .join(', ')}], not [${want.shape.join(', ')}]`;
}

/** A fixed batch takes no other batch size; anything else that is left open may turn out right. */
const fitsDim = (dim: number | null, want: Wanted['shape'][number]): boolean =>
  dim === null || want === 'any' || dim === want;
