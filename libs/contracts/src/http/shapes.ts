import { z } from 'zod';
import { problemCodes, type ProblemCode } from '../problems.js';

/** ISO 8601 in UTC, as everything in the API that is a time. */
export const Instant = z.iso.datetime().meta({ id: 'Instant', example: '2026-01-31T12:00:00.000Z' });

/** An amount of wei. JSON has no bigint, so it travels as a decimal string. */
export const Wei = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,77})$/, 'must be a whole number of wei as a decimal string')
  .meta({ id: 'Wei', example: '1000000000000000000' });

/** A fixed-point number with nine decimals, as a string: no float ever holds a score. */
export const Decimal9 = z
  .string()
  .regex(/^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,9})?$/, 'must be a decimal number with at most nine decimals')
  .meta({ id: 'Decimal9', example: '0.001' });

/** Parts per million. */
export const Ppm = z.int().min(0).max(1_000_000);

export const Reason = z
  .string()
  .trim()
  .min(3)
  .max(500)
  .meta({ description: 'Why; kept in the history and the audit log' });

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
};

export const page = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    next: z.string().nullable().meta({ description: 'Cursor of the next page; null at the end' }),
  });

export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(problemCodes as [ProblemCode, ...ProblemCode[]]),
    detail: z.string().optional(),
    instance: z.string().optional(),
    traceId: z.string().optional(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.output<typeof Problem>;
