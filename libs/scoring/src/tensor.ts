// Arrays of numbers as they travel between a file, a model and a metric: as ONNX Runtime has them, so that a runner passes them on unchanged.
import type { TaskSpec } from '@arena/contracts';

export type DataType = TaskSpec['model']['inputs'][number]['type'];

/** float16 and bfloat16 are their bits; bool is 0 or 1. */
export type TensorData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

/** In C order: the last dimension runs fastest. */
export interface Tensor {
  readonly type: DataType;
  readonly shape: readonly number[];
  readonly data: TensorData;
}
