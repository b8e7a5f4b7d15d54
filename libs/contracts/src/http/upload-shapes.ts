// What every upload in parts is made of, whatever is uploaded.
import { z } from 'zod';
import { Instant } from './shapes.js';

/** S3's own bounds: a part is at least 5 MiB, but for the last, and there are 10 000 at most. */
export const PART_BYTES_MIN = 5 * 1024 * 1024;
export const PARTS_MAX = 10_000;

export const PartNumber = z.int().min(1).max(PARTS_MAX);

/** As the client calls it: shown and offered when it is downloaded, never part of a path of ours. */
export const Filename = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{C}/\\"]+$/u, 'must be a bare file name');

export const PartSize = z
  .int()
  .min(PART_BYTES_MIN)
  .max(512 * 1024 * 1024);

/** The body that asks for URLs. */
export const PartNumbers = z.strictObject({ numbers: z.array(PartNumber).min(1).max(100) });

export const PartUrls = z
  .object({ urls: z.array(z.object({ number: PartNumber, url: z.string(), size: z.int() })), expiresAt: Instant })
  .meta({ id: 'PartUrls' });

export const LandedParts = z
  .object({
    partSize: z.int(),
    parts: z.int(),
    landed: z.array(z.object({ number: PartNumber, size: z.int(), etag: z.string() })),
  })
  .meta({ id: 'LandedParts' });
