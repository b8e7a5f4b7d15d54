import type { JsonSchema } from './json-schemas.js';

/** Words that say nothing about what is valid. */
const annotations = new Set([
  'title',
  'description',
  'examples',
  'example',
  'default',
  'deprecated',
  '$schema',
  'id',
  '$id',
  '$defs',
]);

type Node = { value: unknown; root: JsonSchema };

/**
 * What changed between two JSON Schemas of one message version beyond the one thing that may: a new optional field.
 * Empty means compatible; each entry names the place.
 */
export function compatible(before: JsonSchema, after: JsonSchema): string[] {
  return compare({ value: before, root: before }, { value: after, root: after }, '', new Set());
}

function compare(before: Node, after: Node, path: string, open: Set<unknown>): string[] {
  const [a, b] = [resolve(before), resolve(after)];
  if (Array.isArray(a) && Array.isArray(b)) return compareLists(a, b, before.root, after.root, path, open);
  if (!isObject(a) || !isObject(b)) return a === b ? [] : [`${path || '/'} changed`];
  // A schema that contains itself is compared once on the way down.
  if (open.has(a)) return [];
  const inside = new Set(open).add(a);
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].flatMap(key => {
    const here = `${path}/${key}`;
    if (annotations.has(key)) return [];
    const left = { value: a[key], root: before.root };
    const right = { value: b[key], root: after.root };
    if (key === 'properties') return compareProperties(left, right, required(b), here, inside);
    if (key === 'required') return compareRequired(required(a), required(b), a, here);
    return compare(left, right, here, inside);
  });
}

function compareProperties(
  before: Node,
  after: Node,
  requiredAfter: string[],
  path: string,
  open: Set<unknown>,
): string[] {
  const [a, b] = [fields(before.value), fields(after.value)];
  const kept = Object.keys(a).flatMap(name =>
    name in b
      ? compare({ value: a[name], root: before.root }, { value: b[name], root: after.root }, `${path}/${name}`, open)
      : [`${path}/${name} was removed`],
  );
  const added = Object.keys(b).filter(name => !(name in a) && requiredAfter.includes(name));
  return [...kept, ...added.map(name => `${path}/${name} was added but is not optional`)];
}

function compareRequired(before: string[], after: string[], schema: JsonSchema, path: string): string[] {
  const loosened = before.filter(name => !after.includes(name)).map(name => `${path}: ${name} became optional`);
  const known = fields(schema['properties']);
  const tightened = after
    .filter(name => name in known && !before.includes(name))
    .map(name => `${path}: ${name} became required`);
  return [...loosened, ...tightened];
}

function compareLists(
  a: unknown[],
  b: unknown[],
  rootA: JsonSchema,
  rootB: JsonSchema,
  path: string,
  open: Set<unknown>,
): string[] {
  if (a.length !== b.length) return [`${path} has ${b.length} entries, had ${a.length}`];
  return a.flatMap((value, i) => compare({ value, root: rootA }, { value: b[i], root: rootB }, `${path}/${i}`, open));
}

function resolve({ value, root }: Node): unknown {
  const reference = isObject(value) ? value['$ref'] : undefined;
  if (typeof reference !== 'string') return value;
  if (reference === '#') return root;
  return fields(root['$defs'])[reference.replace('#/$defs/', '')];
}

const isObject = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const fields = (value: unknown): JsonSchema => (isObject(value) ? value : {});
const required = (schema: JsonSchema): string[] => (schema['required'] as string[] | undefined) ?? [];
