import { defineConfig } from 'prisma/config';

// What check-drift.mjs gives to Prisma, whatever the app's own configuration says.
const url = process.env.SHADOW_DATABASE_URL;

export default defineConfig({
  schema: process.env.DRIFT_SCHEMA,
  migrations: { path: process.env.DRIFT_MIGRATIONS },
  datasource: { url, shadowDatabaseUrl: url },
});
