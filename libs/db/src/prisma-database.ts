import { canonicalDecimal } from './decode.js';
import { encode } from './encode.js';
import { translate } from './errors.js';
import { withRetry } from './retry.js';
import type { Database, Sql, TransactionOptions } from './sql.js';

/** What any generated Prisma 7 client has inside a transaction. */
export interface PrismaQueries {
  $queryRawUnsafe<T = unknown>(query: string, ...values: unknown[]): PromiseLike<T>;
}

type Isolation = 'ReadCommitted' | 'RepeatableRead' | 'Serializable';

export interface PrismaClientLike<Tx extends PrismaQueries> extends PrismaQueries {
  $transaction<R>(
    work: (tx: Tx) => Promise<R>,
    options?: { maxWait?: number; timeout?: number; isolationLevel?: Isolation },
  ): PromiseLike<R>;
  $disconnect(): PromiseLike<void>;
}

const isolationLevels = {
  'read committed': 'ReadCommitted',
  'repeatable read': 'RepeatableRead',
  serializable: 'Serializable',
} as const satisfies Record<NonNullable<TransactionOptions['isolation']>, Isolation>;

/** Waiting for a connection, and holding it: the server's own statement and lock timeouts end a stuck query sooner. */
const limits = { maxWait: 5_000, timeout: 60_000 };

/** A database over a generated Prisma client; `query` runs in the same transaction as `prisma`. */
export function prismaDatabase<Tx extends PrismaQueries>(
  client: PrismaClientLike<Tx>,
): Database<Sql & { readonly prisma: Tx }> {
  return {
    // The client is its own transaction client, less the calls that make no sense inside one.
    read: over(client as unknown as Tx),
    transaction: (work, options) => withRetry(() => inTransaction(client, work, options)),
    close: async () => client.$disconnect(),
  };
}

function over<Tx extends PrismaQueries>(prisma: Tx): Sql & { readonly prisma: Tx } {
  return {
    prisma,
    async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
      try {
        const rows = await prisma.$queryRawUnsafe<Record<string, unknown>[]>(text, ...values.map(encode));
        return rows.map(plain) as Row[];
      } catch (error) {
        throw translate(error, 'no');
      }
    },
  };
}

async function inTransaction<Tx extends PrismaQueries, R>(
  client: PrismaClientLike<Tx>,
  work: (tx: Sql & { readonly prisma: Tx }) => Promise<R>,
  options?: TransactionOptions,
): Promise<R> {
  let committing = false;
  try {
    return await client.$transaction(
      async prisma => {
        const result = await work(over(prisma));
        committing = true;
        return result;
      },
      // Named only when asked for: naming it costs a round trip.
      options?.isolation ? { ...limits, isolationLevel: isolationLevels[options.isolation] } : limits,
    );
  } catch (error) {
    throw translate(error, committing ? 'unknown' : 'no');
  }
}

interface Decimal {
  toFixed(): string;
}

const isDecimal = (value: unknown): value is Decimal =>
  typeof value === 'object' && value !== null && typeof (value as Partial<Decimal>).toFixed === 'function';

function plainValue(value: unknown): unknown {
  if (isDecimal(value)) return canonicalDecimal(value.toFixed());
  return Array.isArray(value) && value.some(isDecimal) ? value.map(plainValue) : value;
}

function plain(row: Record<string, unknown>): Record<string, unknown> {
  for (const column in row) {
    const value = row[column];
    if (typeof value === 'object' && value !== null) row[column] = plainValue(value);
  }
  return row;
}
