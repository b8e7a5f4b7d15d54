/**
 * Parameters become text before either driver sees them, so that the server alone decides their type from the
 * statement. A JSON array must be given as `JSON.stringify(array)` with `::jsonb`: an array means a Postgres array.
 */
export function encode(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return bytesLiteral(value);
  if (Array.isArray(value)) return arrayLiteral(value);
  if (typeof value === 'object') return JSON.stringify(value);
  return value;
}

function bytesLiteral(bytes: Uint8Array): string {
  return `\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`;
}

function arrayLiteral(values: readonly unknown[]): string {
  return `{${values.map(arrayElement).join(',')}}`;
}

function arrayElement(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (Array.isArray(value)) return arrayLiteral(value);
  const text = String(encode(value));
  return `"${text.replace(/\\/g, '\\\\').replace(/"/g, '\\"')}"`;
}
