// The element types that tensors may have: those that a task's signature can name.
import type { TaskSpec } from '@arena/contracts';

export type ElementName = TaskSpec['model']['inputs'][number]['type'];

export interface ElementType {
  name: ElementName;
  bytes: number;
  /** The typed data field of TensorProto that elements of this type may be given in. */
  field: number;
  /**
   * Trained numbers, as against shapes, axes, indices and masks, which belong to the architecture. ONNX knows no
   * difference; by custom the latter are int64 or bool, and so that is the rule here.
   */
  weight: boolean;
}

export const elementTypes: Readonly<Record<number, ElementType>> = {
  1: { name: 'float32', bytes: 4, field: 4, weight: true },
  2: { name: 'uint8', bytes: 1, field: 5, weight: true },
  3: { name: 'int8', bytes: 1, field: 5, weight: true },
  4: { name: 'uint16', bytes: 2, field: 5, weight: true },
  5: { name: 'int16', bytes: 2, field: 5, weight: true },
  6: { name: 'int32', bytes: 4, field: 5, weight: true },
  7: { name: 'int64', bytes: 8, field: 7, weight: false },
  9: { name: 'bool', bytes: 1, field: 5, weight: false },
  10: { name: 'float16', bytes: 2, field: 5, weight: true },
  11: { name: 'float64', bytes: 8, field: 10, weight: true },
  12: { name: 'uint32', bytes: 4, field: 11, weight: true },
  13: { name: 'uint64', bytes: 8, field: 11, weight: true },
  16: { name: 'bfloat16', bytes: 2, field: 5, weight: true },
};
