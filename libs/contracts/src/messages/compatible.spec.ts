import { expect, it } from 'vitest';
import { z } from 'zod';
import { compatible, messageNames, messageSchemas } from './index.js';

const schema = (type: z.ZodType) => z.toJSONSchema(type) as Record<string, unknown>;
const before = schema(z.object({ a: z.string(), b: z.int().optional(), list: z.array(z.object({ c: z.string() })) }));
const change = (type: z.ZodType) => compatible(before, schema(type));
const List = z.array(z.object({ c: z.string() }));

it('lets an optional field be added, also deep inside', () => {
  const after = z.object({
    a: z.string(),
    b: z.int().optional(),
    list: z.array(z.object({ c: z.string(), d: z.string().optional() })),
    e: z.int().optional(),
  });
  expect(change(after)).toEqual([]);
});

it('lets words be reworded', () => {
  expect(change(z.object({ a: z.string().describe('new'), b: z.int().optional(), list: List }))).toEqual([]);
});

it.each([
  [
    'a new field that must be there',
    z.object({ a: z.string(), b: z.int().optional(), list: List, e: z.int() }),
    /e was added/,
  ],
  ['a field that is gone', z.object({ a: z.string(), list: List }), /b was removed/],
  [
    'a field that became optional',
    z.object({ a: z.string().optional(), b: z.int().optional(), list: List }),
    /a became optional/,
  ],
  ['a field that became required', z.object({ a: z.string(), b: z.int(), list: List }), /b became required/],
  ['another type', z.object({ a: z.int(), b: z.int().optional(), list: List }), /a\/type changed/],
  ['a tighter rule', z.object({ a: z.string().max(3), b: z.int().optional(), list: List }), /maxLength/],
  [
    'a change inside a list',
    z.object({ a: z.string(), b: z.int().optional(), list: z.array(z.object({ c: z.int() })) }),
    /c\/type/,
  ],
])('refuses %s', (_what, after, complaint) => {
  expect(change(after).join()).toMatch(complaint);
});

it('refuses another set of allowed values', () => {
  const [one, two] = [schema(z.enum(['a', 'b'])), schema(z.enum(['a', 'b', 'c']))];
  expect(compatible(one, two)).not.toEqual([]);
  expect(compatible(two, one)).not.toEqual([]);
});

it('sees through references', () => {
  const named = (inner: z.ZodType) => schema(z.object({ x: inner, y: inner }));
  const [text, number] = [z.string().meta({ id: 'T1' }), z.int().meta({ id: 'T2' })];
  expect(compatible(named(text), schema(z.object({ x: z.string(), y: z.string() })))).toEqual([]);
  expect(compatible(named(text), named(number))).not.toEqual([]);
});

it('finds every message compatible with itself', () => {
  const schemas = messageSchemas();
  for (const name of messageNames) expect(compatible(schemas[name], structuredClone(schemas[name]))).toEqual([]);
});
