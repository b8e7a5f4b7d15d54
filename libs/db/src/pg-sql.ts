import type pg from 'pg';
import { encode } from './encode.js';
import { translate } from './errors.js';
import { statementName } from './prepared.js';
import type { Sql } from './sql.js';

export function sqlOver(queryable: Pick<pg.ClientBase, 'query'>): Sql {
  return {
    async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
      try {
        const result = await queryable.query(statement(text, values));
        return result.rows as Row[];
      } catch (error) {
        throw translate(error, 'no');
      }
    },
  };
}

function statement(text: string, values: readonly unknown[]): pg.QueryConfig {
  const name = statementName(text);
  const encoded = values.map(encode);
  return name === undefined ? { text, values: encoded } : { name, text, values: encoded };
}
