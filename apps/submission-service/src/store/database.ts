import { prismaDatabase, type Database, type Sql } from '@arena/db';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient, type Prisma } from './generated/client.js';

export type Tx = Sql & { readonly prisma: Prisma.TransactionClient };
export type SubmissionDatabase = Database<Tx>;

export const openDatabase = (url: string, max: number): SubmissionDatabase =>
  prismaDatabase({
    url,
    max,
    applicationName: 'submission-service',
    open: pool => new PrismaClient({ adapter: new PrismaPg(pool, { schema: 'submissions' }) }),
  });
