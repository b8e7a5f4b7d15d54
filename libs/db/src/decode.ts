import pg from 'pg';

type Parse = (text: string) => unknown;

const oid = {
  int8: 20,
  bytea: 17,
  date: 1082,
  timestamp: 1114,
  numeric: 1700,
  byteaArray: 1001,
  int8Array: 1016,
  timestampArray: 1115,
  dateArray: 1182,
  timestamptzArray: 1185,
  numericArray: 1231,
} as const;

// pg-types types its ids as a closed enumeration of scalars; array ids are valid too.
const defaultParser = (id: number): Parse => pg.types.getTypeParser(id as never, 'text') as Parse;
const texts = defaultParser(1009);
const each =
  (parse: Parse): Parse =>
  text =>
    (texts(text) as (string | null)[]).map(element => (element === null ? null : parse(element)));

/** Plain notation without trailing zeros: what a decimal is, not how it was typed. */
export function canonicalDecimal(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

// A timestamp without a zone and a date are UTC here; pg would read them in the zone of the machine.
const utc: Parse = text => (text.endsWith('infinity') ? text : new Date(`${text.replace(' ', 'T')}Z`));
const day: Parse = text => (text.endsWith('infinity') ? text : new Date(`${text}T00:00:00Z`));
const bytes: Parse = text => new Uint8Array(Buffer.from(text.slice(2), 'hex'));
const instant = defaultParser(1184);

const parsers = new Map<number, Parse>([
  [oid.int8, BigInt],
  [oid.bytea, bytes],
  [oid.date, day],
  [oid.timestamp, utc],
  [oid.numeric, canonicalDecimal],
  [oid.byteaArray, each(bytes)],
  [oid.int8Array, each(BigInt)],
  [oid.timestampArray, each(utc)],
  [oid.dateArray, each(day)],
  [oid.timestamptzArray, each(instant)],
  [oid.numericArray, each(canonicalDecimal)],
]);

/** Given to pg per pool, so that nothing global changes under another library that uses pg. */
export const types = {
  getTypeParser(id: number, format?: 'text' | 'binary'): Parse {
    const own = format === 'binary' ? undefined : parsers.get(id);
    return own ?? (pg.types.getTypeParser(id as never, format as never) as Parse);
  },
} as pg.CustomTypesConfig;
