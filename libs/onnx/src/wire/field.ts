// What a message may hold, as data: one `Fields` table for each message, keyed by field number.
import type { ReasonCode } from '../error.js';
import type { DataPiece } from '../model.js';
import type { Span } from '../source.js';

export const VARINT = 0;
export const FIXED64 = 1;
export const BYTES = 2;
export const FIXED32 = 5;

// Methods, not function properties: a table of one message can stand where the reader wants a table of any.
export type Field<Target = unknown> =
  | { kind: 'int'; repeated: boolean; set(target: Target, value: bigint): void }
  | { kind: 'float'; repeated: boolean; set(target: Target, bits: number): void }
  | { kind: 'text'; set(target: Target, value: string): void }
  | { kind: 'blob'; set(target: Target, value: Uint8Array): void }
  /** Bytes that stay where they are. */
  | { kind: 'span'; set(target: Target, span: Span): void }
  /** Elements of a tensor, packed or one by one, that stay where they are. */
  | { kind: 'data'; wire: number; set(target: Target, piece: DataPiece): void }
  | { kind: 'message'; name: string; fields(): Fields; open(target: Target): { child: unknown; index?: number } }
  /** Known and of no meaning for the outputs: passed over unread. */
  | { kind: 'skip'; wire: number; seen?(target: Target): void }
  | { kind: 'refuse'; code: ReasonCode; detail: string; unlessEmpty?: boolean };

export interface Fields<Target = unknown> {
  readonly [number: number]: Field<Target>;
}

export const int = <T>(set: (target: T, value: bigint) => void): Field<T> => ({ kind: 'int', repeated: false, set });
export const ints = <T>(set: (target: T, value: bigint) => void): Field<T> => ({ kind: 'int', repeated: true, set });
export const float = <T>(set: (target: T, bits: number) => void): Field<T> => ({ kind: 'float', repeated: false, set });
export const floats = <T>(set: (target: T, bits: number) => void): Field<T> => ({ kind: 'float', repeated: true, set });
export const text = <T>(set: (target: T, value: string) => void): Field<T> => ({ kind: 'text', set });
export const blob = <T>(set: (target: T, value: Uint8Array) => void): Field<T> => ({ kind: 'blob', set });

/** A message that occurs once; a second occurrence is merged into the first, as protobuf does. */
export const one = <T, C>(name: string, fields: () => Fields<C>, open: (target: T) => C): Field<T> => ({
  kind: 'message',
  name,
  fields,
  open: target => ({ child: open(target) }),
});

export const many = <T, C>(
  name: string,
  fields: () => Fields<C>,
  list: (target: T) => C[],
  create: () => C,
): Field<T> => ({
  kind: 'message',
  name,
  fields,
  open: target => {
    const child = create();
    return { child, index: list(target).push(child) - 1 };
  },
});

export const skip: Field = { kind: 'skip', wire: BYTES };
export const skipInt: Field = { kind: 'skip', wire: VARINT };
export const refuse = (code: ReasonCode, detail: string): Field => ({ kind: 'refuse', code, detail });
