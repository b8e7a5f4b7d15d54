import { z } from 'zod';
import { Wallet } from '../../ids.js';

export const EndpointDisabled = z.object({
  endpoint: z.guid(),
  account: Wallet.nullable(),
  why: z.enum(['gone', 'failing']),
});

export const DeliverWebhook = z.object({ endpoint: z.guid(), delivery: z.guid() });
