/**
 * What a store needs from a database, and no more.
 *
 * Values go in and come out the same way on both drivers (see README, "Values"):
 * int8 is bigint, timestamptz is Date, numeric is a plain decimal string, jsonb is parsed, bytea is Uint8Array.
 */
export interface Sql {
  query<Row extends object = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /**
   * Runs a statement whose answer nobody waits for; if it fails, so does the transaction. There only inside a
   * transaction; `send` is for whoever may be outside of one.
   */
  defer?(text: string, values?: readonly unknown[]): void;
}

export interface TransactionOptions {
  isolation?: 'read committed' | 'repeatable read' | 'serializable';
}

export interface Database<Tx extends Sql = Sql> {
  /** Single statements, each its own transaction. */
  readonly read: Tx;
  /**
   * Commits when `work` resolves, rolls back when it throws. `work` runs again (three times in all) after a
   * serialization failure or a deadlock, so its only effects must be in the transaction.
   */
  transaction<R>(work: (tx: Tx) => Promise<R>, options?: TransactionOptions): Promise<R>;
  close(): Promise<void>;
}

/** Any zod schema; structural, so that this package needs no zod. */
export interface RowSchema<Row> {
  parse(row: unknown): Row;
}

/** A query whose rows are checked as they enter the program. */
export async function select<Row>(
  sql: Sql,
  schema: RowSchema<Row>,
  text: string,
  values?: readonly unknown[],
): Promise<Row[]> {
  const rows = await sql.query(text, values);
  return rows.map(row => schema.parse(row));
}

/** A statement whose answer nobody waits for: in a transaction it travels with the next one. */
export async function send(sql: Sql, text: string, values?: readonly unknown[]): Promise<void> {
  if (sql.defer) sql.defer(text, values);
  else await sql.query(text, values);
}
