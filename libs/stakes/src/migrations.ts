import { fileURLToPath } from 'node:url';

export const stakeMigrations = { name: 'stakes', directory: fileURLToPath(new URL('../migrations', import.meta.url)) };
