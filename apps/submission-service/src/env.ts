import { durableEnv } from '@arena/service';
import { z } from 'zod';

export const Env = z.object(durableEnv);
