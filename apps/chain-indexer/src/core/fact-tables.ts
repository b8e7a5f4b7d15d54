// The tables of facts, once: what each holds besides its place on the chain, and which columns name its entity. Writing,
// rewinding, rebuilding and comparing all go by this table, so that none of them can forget one.

/** `hex`: a text of which we know that no letter of it means anything to Postgres. */
export type Kind = 'smallint' | 'int' | 'bigint' | 'numeric' | 'text' | 'hex' | 'seconds';

interface FactTableSpec {
  readonly columns: Readonly<Record<string, Kind>>;
  /** Whose changes the ordinal counts. */
  readonly entity: readonly string[];
  /** Whether `weight` is kept: the integral of `total` over time. */
  readonly weighed: boolean;
}

const position = { program: 'smallint', task: 'bigint', role: 'smallint' } as const;
const amounts = { delta: 'numeric', total: 'numeric' } as const;

export const factTables = {
  stake_changes: {
    columns: { ...position, account: 'hex', ...amounts },
    entity: ['program', 'task', 'role', 'account'],
    weighed: true,
  },
  delegation_changes: {
    columns: { ...position, operator: 'hex', account: 'hex', ...amounts },
    entity: ['program', 'task', 'role', 'operator', 'account'],
    weighed: true,
  },
  undelegation_changes: {
    columns: { ...position, operator: 'hex', account: 'hex', ...amounts, ready_at: 'seconds' },
    entity: ['program', 'task', 'role', 'operator', 'account'],
    weighed: false,
  },
  cut_changes: {
    columns: { ...position, operator: 'hex', cut_ppm: 'int', effective_at: 'seconds' },
    entity: ['program', 'task', 'role', 'operator'],
    weighed: false,
  },
  lock_changes: {
    columns: {
      account: 'hex',
      lock: 'bigint',
      locked_delta: 'numeric',
      locked_total: 'numeric',
      gm_delta: 'numeric',
      gm_total: 'numeric',
      ends_at: 'seconds',
    },
    entity: ['account'],
    weighed: false,
  },
  task_changes: {
    columns: {
      task: 'bigint',
      change: 'text',
      other: 'hex',
      amount: 'numeric',
      bounty: 'numeric',
      spec_hash: 'hex',
      ranking_root: 'hex',
      opens_at: 'seconds',
      closes_at: 'seconds',
      final_ends_at: 'seconds',
    },
    entity: ['task'],
    weighed: false,
  },
  root_changes: {
    columns: {
      epoch: 'bigint',
      change: 'text',
      root: 'hex',
      total: 'numeric',
      minted: 'numeric',
      evidence_hash: 'hex',
      uri: 'text',
      active_at: 'seconds',
    },
    entity: ['epoch'],
    weighed: false,
  },
  claims: {
    columns: { account: 'hex', epoch: 'bigint', root: 'hex', amount: 'numeric', cumulative: 'numeric' },
    entity: ['account'],
    weighed: false,
  },
  fundings: {
    columns: { task: 'numeric', giver: 'hex', amount: 'numeric' },
    entity: ['task'],
    weighed: false,
  },
  case_changes: {
    columns: {
      case_id: 'hex',
      task: 'bigint',
      account: 'hex',
      change: 'text',
      program: 'smallint',
      role: 'smallint',
      ppm: 'int',
      delegation_ppm: 'int',
      evidence_hash: 'hex',
      reporter: 'hex',
      executable_at: 'seconds',
      gm: 'numeric',
      released: 'numeric',
      reporter_share: 'numeric',
    },
    entity: ['case_id'],
    weighed: false,
  },
} as const satisfies Record<string, FactTableSpec>;

export type FactTable = keyof typeof factTables;
export type Column<T extends FactTable> = keyof (typeof factTables)[T]['columns'] & string;

export const factTableNames = Object.keys(factTables) as FactTable[];
export const specOf = (table: FactTable): FactTableSpec => factTables[table];
export const columnsOf = (table: FactTable): string[] => Object.keys(factTables[table].columns);

/** As Postgres reads it: amounts in decimal, times in unix seconds. */
export type Value = string | number | null;

/** One log of ours, as the row that it becomes. */
export interface Fact {
  readonly table: FactTable;
  readonly block: number;
  readonly index: number;
  readonly transaction: string;
  /** Unix seconds: the block's time. */
  readonly at: number;
  /** In the order of the table's columns. */
  readonly values: readonly Value[];
  /** Whose change it is, within its table. */
  readonly entity: string;
}
