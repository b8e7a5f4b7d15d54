// The environment is parsed once, in `main`, against one zod object; nothing else in the product reads
// `process.env`. A wrong environment is reported whole (every variable, one line each), so that an operator
// fixes it in one go, and never shows a value: a malformed DATABASE_URL holds a password all the same.
import type { z } from 'zod';

export type EnvSource = Readonly<Record<string, string | undefined>>;

export interface EnvProblem {
  readonly variable: string;
  readonly message: string;
}

export class EnvError extends Error {
  override readonly name = 'EnvError';

  constructor(readonly problems: readonly EnvProblem[]) {
    super(['The environment is not usable:', ...problems.map(p => `  ${p.variable} ${p.message}`)].join('\n'));
  }
}

/** An empty string counts as missing: Compose and Kubernetes both turn an unset variable into one. */
export function readEnv<Schema extends z.ZodObject>(schema: Schema, source: EnvSource = process.env): z.output<Schema> {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw new EnvError(problemsOf(result.error.issues, schema, given as Record<string, string>));
}

/** For `main`: says what is wrong on stderr and ends the process with code 1. */
export function readEnvOrExit<Schema extends z.ZodObject>(schema: Schema, source?: EnvSource): z.output<Schema> {
  try {
    return readEnv(schema, source);
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

function problemsOf(
  issues: readonly z.core.$ZodIssue[],
  schema: z.ZodObject,
  given: Readonly<Record<string, string>>,
): EnvProblem[] {
  const messages = new Map<string, string[]>();
  for (const issue of issues) {
    const variable = String(issue.path[0] ?? 'environment');
    const value = given[variable];
    const missing = value === undefined && issue.path.length === 1 && issue.code === 'invalid_type';
    const message = missing ? `is missing${hint(schema, variable)}` : withoutValue(issue.message, value);
    messages.set(variable, [...(messages.get(variable) ?? []), message]);
  }
  return [...messages].map(([variable, said]) => ({ variable, message: [...new Set(said)].join('; ') }));
}

function hint(schema: z.ZodObject, variable: string): string {
  const description = (schema.shape[variable] as z.ZodType | undefined)?.description;
  return description === undefined ? '' : ` (${description})`;
}

// Zod's own messages do not repeat the input, but a refinement's may.
function withoutValue(message: string, value: string | undefined): string {
  if (value === undefined) return message;
  const parts = [value, ...value.split(',').map(part => part.trim())].filter(part => part.length > 3);
  return parts.reduce((text, part) => text.replaceAll(part, '…'), message);
}
