import { z } from 'zod';

/** A TCP port; 0 asks the system for a free one. */
export function port() {
  return z
    .string()
    .regex(/^\d{1,5}$/, 'is not a port: expected a whole number from 0 to 65535')
    .transform(Number)
    .refine(value => value <= 65_535, 'is not a port: expected a whole number from 0 to 65535');
}

/** An absolute URL, kept as the string that was given; `schemes` are written without the colon. */
export function url(...schemes: readonly string[]) {
  const allowed = schemes.length === 0 ? 'an absolute URL' : `a URL that starts with ${schemes.join(':// or ')}://`;
  return z.string().refine(value => isUrl(value, schemes), `is not ${allowed}`);
}

function isUrl(value: string, schemes: readonly string[]): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol } = new URL(value);
  return schemes.length === 0 || schemes.includes(protocol.slice(0, -1));
}

const flags: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

/** Nothing but true, false, 1 and 0: `FLAG=no` must never be read as "on" because it is not empty. */
export function flag() {
  return z
    .string()
    .refine(value => flags.has(value), 'is not a flag: expected true, false, 1 or 0')
    .transform(value => flags.get(value) === true);
}

/** A duration in seconds (fractions allowed), as a number of seconds. */
export function seconds() {
  return z
    .string()
    .regex(/^\d+(\.\d+)?$/, 'is not a number of seconds: expected for example 30 or 0.5')
    .transform(Number);
}

/** Comma-separated; spaces around items are dropped, and so are empty items. */
export function list<Item extends z.ZodType<unknown, string> = z.ZodString>(item?: Item) {
  const items = z.array(item ?? z.string()) as z.ZodArray<Item>;
  return z
    .string()
    .transform(value => splitItems(value) as z.input<Item>[])
    .pipe(items);
}

function splitItems(value: string): string[] {
  return value
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '');
}
