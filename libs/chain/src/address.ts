import { z } from 'zod';

/** In lower case inside, however it was written. */
export const Address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'must be an address')
  .transform(address => address.toLowerCase());
