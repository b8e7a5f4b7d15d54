import type { DataType } from '../tensor.js';
import type { ByteStream } from './byte-stream.js';

/** An array in a file, not read yet. */
export interface StoredArray {
  name: string;
  type: DataType;
  shape: readonly number[];
  fortran: boolean;
  bigEndian: boolean;
  /** The bytes of its elements, from the first to the last. */
  open(): Promise<ByteStream>;
}

export const arrayName = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
