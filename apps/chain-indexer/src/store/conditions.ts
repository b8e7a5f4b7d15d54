/** The conditions of a query that depend on what was asked, with their values numbered as PostgreSQL wants them. */
export interface Conditions {
  readonly values: unknown[];
  /** Each `?` stands for the next value. A condition about an undefined value is left out. */
  and(condition: string, ...given: unknown[]): Conditions;
  /** A value that stands elsewhere in the text. */
  value(given: unknown): string;
  toString(): string;
}

export function conditions(): Conditions {
  const texts: string[] = [];
  const values: unknown[] = [];
  const value = (given: unknown) => `$${values.push(given)}`;
  const made: Conditions = {
    values,
    value,
    and(condition, ...given) {
      if (given.includes(undefined)) return made;
      const left = [...given];
      texts.push(condition.replace(/\?/g, () => value(left.shift())));
      return made;
    },
    toString: () => texts.join(' and ') || 'true',
  };
  return made;
}
