import { z } from 'zod';

const hex = z.string().regex(/^0x(0|[1-9a-fA-F][0-9a-fA-F]*)$/, 'must be a quantity');

/** A quantity that fits a number: block numbers, times, indices, counts. */
export const quantity = hex.transform(text => Number(text)).refine(Number.isSafeInteger, 'is too large');
/** A quantity of any size: amounts, fees. */
export const bigQuantity = hex.transform(text => BigInt(text));
export const toQuantity = (value: number | bigint): string => `0x${value.toString(16)}`;
