import { fileURLToPath } from 'node:url';

export const authMigrations = { name: 'auth', directory: fileURLToPath(new URL('../migrations', import.meta.url)) };
