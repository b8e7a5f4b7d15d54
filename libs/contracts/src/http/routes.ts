import { accountRoutes } from './accounts.js';
import { auditRoutes } from './audit.js';
import { authRoutes } from './auth.js';
import { chainRoutes } from './chain.js';
import { datasetRoutes } from './datasets.js';
import { faucetRoutes } from './faucet.js';
import { keyRoutes } from './keys.js';
import type { RouteSpec } from './route.js';
import { submissionRoutes } from './submissions.js';
import { taskRoutes } from './tasks.js';

/** Every route of the arena. Adding one here without a controller, or the reverse, stops the service's boot. */
export const routes = {
  ...authRoutes,
  ...accountRoutes,
  ...keyRoutes,
  ...taskRoutes,
  ...datasetRoutes,
  ...auditRoutes,
  ...chainRoutes,
  ...faucetRoutes,
  ...submissionRoutes,
} satisfies Record<string, RouteSpec>;

export type Routes = typeof routes;
export type RouteName = keyof Routes;
