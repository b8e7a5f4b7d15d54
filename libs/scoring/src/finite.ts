import type { Tensor } from './tensor.js';

/** No NaN and no infinity among the elements. */
export function isFinite({ type, data }: Tensor): boolean {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return true;
  if (type === 'float16' || type === 'bfloat16') {
    const exponent = type === 'float16' ? 0x7c00 : 0x7f80;
    for (const bits of data) if ((bits & exponent) === exponent) return false;
    return true;
  }
  // Zero times anything finite is zero; times NaN or an infinity it is NaN, and stays it.
  let sum = 0;
  for (let at = 0; at < data.length; at += 1) sum += (data[at] as number) * 0;
  return sum === 0;
}
