// JSON as PostgreSQL prints it, as a value that says all that the text says. JavaScript reads 1000000000000000001
// and 1000000000000000000 as one number: a hash over the numbers would let one be exchanged for the other.
import type { Json } from '@arena/contracts';

/** Text with a number that JavaScript cannot hold stays text, wrapped so that it cannot pass for anything else. */
export function exactJson(text: string | null): Json {
  if (text === null) return null;
  return isExact(text) ? (JSON.parse(text) as Json) : { inexact: text };
}

const tokens = /"(?:[^"\\]+|\\.)*"|-?\d[\d.eE+-]*/g;

/** Any number of so few digits has a double of its own. */
const short = /^-?[\d.]{1,15}$/;

function isExact(text: string): boolean {
  for (const [token] of text.matchAll(tokens)) {
    if (token.startsWith('"') || short.test(token)) continue;
    if (decimal(token) !== decimal(String(Number(token)))) return false;
  }
  return true;
}

/** One spelling for each number: significant digits and a power of ten. */
function decimal(token: string): string {
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(token);
  if (!parts) return token;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}
