import { prismaDatabase, poolConfig, type Database, type Sql } from '@arena/db';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient, type Prisma } from './generated/client.js';

export type Tx = Sql & { readonly prisma: Prisma.TransactionClient };
export type SubmissionDatabase = Database<Tx>;

export function openDatabase(url: string, pool: number): SubmissionDatabase {
  const options = poolConfig({ url, max: pool, applicationName: 'submission-service' });
  return prismaDatabase(new PrismaClient({ adapter: new PrismaPg(options, { schema: 'submissions' }) }));
}
