import { fileURLToPath } from 'node:url';

export const httpMigrations = { name: 'http', directory: fileURLToPath(new URL('../migrations', import.meta.url)) };
