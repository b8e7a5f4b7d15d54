// How a file is cut into parts: all of one size, only the last may be smaller.
import { PART_BYTES_MIN, PARTS_MAX } from '@arena/contracts';
import { DomainError } from '@arena/problem';

export interface Cut {
  size: number;
  partSize: number;
}

export interface LandedPart {
  number: number;
  size: number;
  etag: string;
}

const MIB = 1024 * 1024;
/** Small enough to be sent again after a broken connection, large enough that few URLs are asked for. */
const USUAL_PART_BYTES = 16 * MIB;

/** What was asked for, or the usual; more where that would make too many parts. */
export function partSizeFor(size: number, wanted?: number): number {
  const least = Math.ceil(size / PARTS_MAX / MIB) * MIB;
  return Math.max(wanted ?? USUAL_PART_BYTES, least, PART_BYTES_MIN);
}

export const countParts = ({ size, partSize }: Cut): number => Math.ceil(size / partSize);

export const sizeOfPart = ({ size, partSize }: Cut, number: number): number =>
  Math.min(partSize, size - (number - 1) * partSize);

/** The parts to sign URLs for, each once. */
export function partsToSign(cut: Cut, numbers: readonly number[]): { number: number; size: number }[] {
  const last = countParts(cut);
  const beyond = numbers.filter(number => number > last);
  if (beyond.length > 0)
    throw new DomainError('upload/part-number', { detail: `The last part is ${last}; asked for ${ranges(beyond)}` });
  return [...new Set(numbers)].map(number => ({ number, size: sizeOfPart(cut, number) }));
}

/** Why the landed parts are not the whole file, or nothing when they are. */
export function faultOfParts(cut: Cut, landed: readonly LandedPart[]): string | undefined {
  const sizes = new Map(landed.map(part => [part.number, part.size]));
  const all = Array.from({ length: countParts(cut) }, (_, i) => i + 1);
  const missing = all.filter(number => !sizes.has(number));
  const wrong = all.filter(number => sizes.has(number) && sizes.get(number) !== sizeOfPart(cut, number));
  const faults = [
    ...(missing.length > 0 ? [`missing: ${ranges(missing)}`] : []),
    ...wrong.slice(0, 10).map(n => `part ${n} has ${sizes.get(n)} bytes instead of ${sizeOfPart(cut, n)}`),
    ...(wrong.length > 10 ? [`${wrong.length - 10} more parts have a wrong size`] : []),
  ];
  return faults.length > 0 ? faults.join('; ') : undefined;
}

/** `1-3, 7`: what is missing is mostly one stretch, and a thousand numbers help nobody. */
function ranges(numbers: readonly number[]): string {
  const runs: { from: number; to: number }[] = [];
  for (const number of [...new Set(numbers)].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run?.to === number - 1) run.to = number;
    else runs.push({ from: number, to: number });
  }
  const shown = runs.slice(0, 20).map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`));
  return runs.length > 20 ? `${shown.join(', ')} and more` : shown.join(', ');
}
