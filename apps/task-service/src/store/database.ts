import { prismaDatabase, poolConfig, type Database, type Sql } from '@arena/db';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient, type Prisma } from './generated/client.js';

/** A transaction (or, as `database.read`, single statements): the generated client, and SQL for the libraries. */
export type Tx = Sql & { readonly prisma: Prisma.TransactionClient };
export type TaskDatabase = Database<Tx>;

export function openDatabase(url: string, pool: number): TaskDatabase {
  const adapter = new PrismaPg(poolConfig({ url, max: pool, applicationName: 'task-service' }), { schema: 'tasks' });
  return prismaDatabase(new PrismaClient({ adapter }));
}
