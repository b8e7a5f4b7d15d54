/**
 * Which failures mean what. Prisma wraps the driver's error (its own code, the cause below `meta` or `cause`),
 * so every question is asked of the whole chain of causes.
 */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
  constructor(
    /** `unknown`: the connection broke after COMMIT was sent, so the effect may be there. */
    readonly committed: 'no' | 'unknown',
    options: { cause: unknown },
  ) {
    super(
      committed === 'no'
        ? 'the database cannot be reached'
        : 'the database went away during a commit; it may have held',
      options,
    );
  }
}

/** COMMIT of a transaction in which a statement had failed: Postgres answers ROLLBACK and reports no error. */
export class TransactionRolledBack extends Error {
  override readonly name = 'TransactionRolledBack';
  readonly code = '25P02';
  readonly severity = 'ERROR';
  constructor() {
    super('the transaction was rolled back: a statement in it failed and its error was swallowed');
  }
}

const conflictCodes = new Set(['40001', '40P01', 'P2034']);
const lostCodes = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'ENOENT'],
  ...['57P01', '57P02', '57P03', '53300', '08000', '08001', '08003', '08004', '08006'],
  ...['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2037'],
]);
const lostKinds = new Set(['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout', 'TooManyConnections']);
const lostMessages =
  /connection terminated|connection error and is not queryable|timeout exceeded when trying to connect|client was closed|unable to start a transaction in the given time|cannot use a pool after calling end/i;

interface Fault {
  code?: unknown;
  originalCode?: unknown;
  kind?: unknown;
  message?: unknown;
  cause?: unknown;
  meta?: { driverAdapterError?: unknown };
}

/** The error and every cause below it, however the driver nests them. */
function* chain(error: unknown): Generator<Fault> {
  const seen = new Set<unknown>();
  const queue: unknown[] = [error];
  while (queue.length > 0) {
    const fault = queue.shift();
    if (typeof fault !== 'object' || fault === null || seen.has(fault)) continue;
    seen.add(fault);
    yield fault as Fault;
    queue.push((fault as Fault).cause, (fault as Fault).meta?.driverAdapterError);
  }
}

const has = (codes: Set<string>, value: unknown): boolean => typeof value === 'string' && codes.has(value);

/** The five characters Postgres gave, whichever driver carried them. */
export function sqlState(error: unknown): string | undefined {
  for (const fault of chain(error)) {
    for (const code of [fault.originalCode, fault.code]) {
      if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !/^P[0-9]{4}$/.test(code)) return code;
    }
  }
  return undefined;
}

export const isConflict = (error: unknown): boolean =>
  [...chain(error)].some(
    fault =>
      has(conflictCodes, fault.code) ||
      has(conflictCodes, fault.originalCode) ||
      fault.kind === 'TransactionWriteConflict',
  );

export const isConnectionLoss = (error: unknown): boolean =>
  [...chain(error)].some(
    fault =>
      has(lostCodes, fault.code) ||
      has(lostCodes, fault.originalCode) ||
      has(lostKinds, fault.kind) ||
      (typeof fault.message === 'string' && lostMessages.test(fault.message)),
  );

/** Connection loss becomes `DatabaseUnavailable`; everything else stays what it is. */
export function translate(error: unknown, committed: 'no' | 'unknown'): unknown {
  if (error instanceof DatabaseUnavailable) return error;
  return isConnectionLoss(error) ? new DatabaseUnavailable(committed, { cause: error }) : error;
}
