const LINES = 8;

interface Record {
  level?: string;
  msg?: string;
  err?: { message?: string };
}

function parsed(line: string): Record | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What a person must know of a dead service's log: its errors, said shortly; without any, simply how the log ends. */
export function lastWords(log: readonly string[]): string[] {
  const records = log.map(line => ({ line, record: parsed(line) }));
  const errors = records.flatMap(({ line, record }) => {
    if (!record) return [line];
    if (record.level !== 'error' && record.level !== 'fatal') return [];
    return [[record.msg, record.err?.message].filter(Boolean).join(': ')];
  });
  return (errors.length > 0 ? errors : log).slice(-LINES);
}
