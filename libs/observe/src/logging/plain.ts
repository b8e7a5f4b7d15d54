// Turns whatever was handed to the logger into plain JSON data: secrets by name are gone, errors keep their chain
// of causes, bigints and bytes are readable, and nothing is too big (a socket logged by mistake must not write
// megabytes or run in circles).
import { isSecretName, removed } from './scrub-text.js';

const maxDepth = 8;
const maxValues = 1_000;

interface Budget {
  left: number;
}

export function plain(fields: object): Record<string, unknown> {
  return plainFields(fields, 0, { left: maxValues });
}

function plainFields(fields: object, depth: number, budget: Budget): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    result[name] = isSecretName(name) && holdsText(value) ? removed : plainValue(value, depth + 1, budget);
    if (budget.left <= 0) break;
  }
  return result;
}

function holdsText(value: unknown): boolean {
  return value !== undefined && value !== null && typeof value !== 'boolean';
}

function plainValue(value: unknown, depth: number, budget: Budget): unknown {
  budget.left -= 1;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth > maxDepth || budget.left <= 0) return '[…]';
  if (value instanceof Error) return plainError(value, depth, budget);
  if (Array.isArray(value)) return value.slice(0, budget.left).map(item => plainValue(item, depth + 1, budget));
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Map) return plainFields(Object.fromEntries(value), depth, budget);
  if (value instanceof Set) return plainValue([...value], depth, budget);
  if ('toJSON' in value && typeof value.toJSON === 'function') return plainValue(value.toJSON(), depth + 1, budget);
  return plainFields(value, depth, budget);
}

function plainError(error: Error, depth: number, budget: Budget): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  return {
    type: name,
    message,
    ...plainFields(smallFields(error), depth, budget),
    stack,
    ...(cause === undefined ? {} : { cause: plainValue(cause, depth + 1, budget) }),
    ...(error instanceof AggregateError ? { errors: plainValue(error.errors, depth + 1, budget) } : {}),
  };
}

// Clients hang whole requests on their errors; a code, a status or our own details are all that a reader needs.
function smallFields(error: Error): Record<string, unknown> {
  const fields = Object.entries(error).filter(([name, value]) => name === 'details' || typeof value !== 'object');
  return Object.fromEntries(fields.filter(([name]) => name !== 'message' && name !== 'stack' && name !== 'name'));
}
