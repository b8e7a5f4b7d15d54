import { prismaDatabase, type Database, type Sql } from '@arena/db';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient, type Prisma } from './generated/client.js';

/** A transaction (or, as `database.read`, single statements): the generated client, and SQL for the libraries. */
export type Tx = Sql & { readonly prisma: Prisma.TransactionClient };
export type TaskDatabase = Database<Tx>;

export const openDatabase = (url: string, max: number): TaskDatabase =>
  prismaDatabase({
    url,
    max,
    applicationName: 'task-service',
    open: pool => new PrismaClient({ adapter: new PrismaPg(pool, { schema: 'tasks' }) }),
  });
