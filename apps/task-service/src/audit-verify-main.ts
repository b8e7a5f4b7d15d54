// Checks the audit log from outside the service: whoever may read the database and the bucket of the heads can run it.
// Exit code 0: intact; 1: not; 2: it could not be checked.
import { parseArgs } from 'node:util';
import { Sha256, type AuditVerdict } from '@arena/contracts';
import { pgDatabase } from '@arena/db';
import { readEnv, url } from '@arena/env';
import { objectStoreEnv, openObjectStore } from '@arena/uploads';
import { z } from 'zod';
import { auditHeads } from './files/audit-heads.js';
import { alsoAgainst, verifyAudit } from './jobs/audit-verification.js';

const usage = `Usage: audit-verify [--json] [--head SEQUENCE:HASH]
Recomputes the audit log and compares it with the heads outside the database, and with one that you kept.
`;

// Its own, for it loads nothing of the service but the audit log.
const Env = z.object({
  DATABASE_URL: url('postgres', 'postgresql').describe('any role that may read the audit log'),
  ...objectStoreEnv,
  AUDIT_BUCKET: z.string().default('audit'),
});
const Kept = z
  .string()
  .regex(/^[1-9]\d{0,14}:[0-9a-f]{64}$/, '--head is not SEQUENCE:HASH')
  .transform(text => ({ sequence: Number(text.split(':')[0]), hash: Sha256.parse(text.split(':')[1]) }));

async function check(kept: z.output<typeof Kept> | undefined): Promise<AuditVerdict> {
  const env = readEnv(Env);
  const heads = auditHeads(openObjectStore(env), env.AUDIT_BUCKET);
  const database = pgDatabase({ url: env.DATABASE_URL, max: 1, applicationName: 'audit-verify' });
  try {
    const verdict = await verifyAudit({ sql: database.read, heads, now: new Date() });
    return kept ? await alsoAgainst(kept, verdict, database.read) : verdict;
  } finally {
    await database.close();
  }
}

function report({ intact, checked, head, outsideHeads, faultCount, faults }: AuditVerdict): string {
  const lines = [
    `The audit log is ${intact ? 'intact' : 'NOT INTACT'}.`,
    `  links recomputed  ${checked}`,
    `  heads outside     ${outsideHeads}`,
    `  newest            ${head.sequence}:${head.hash}${head.at ? ` of ${head.at}` : ''}`,
  ];
  if (faultCount > 0) lines.push(`  faults            ${faultCount}`);
  for (const { kind, sequence, entry, what } of faults) {
    const where = [sequence === null ? '' : `link ${sequence}`, entry === null ? '' : `entry ${entry}`];
    lines.push(`    ${kind}: ${[...where.filter(Boolean), what].join(', ')}`);
  }
  if (faultCount > faults.length) lines.push(`    and ${faultCount - faults.length} more`);
  return `${lines.join('\n')}\n`;
}

async function main(): Promise<number> {
  try {
    const options = { json: { type: 'boolean' }, head: { type: 'string' }, help: { type: 'boolean' } } as const;
    const { values } = parseArgs({ options });
    if (values.help) {
      process.stdout.write(usage);
      return 0;
    }
    const verdict = await check(values.head === undefined ? undefined : Kept.parse(values.head));
    process.stdout.write(values.json ? `${JSON.stringify(verdict)}\n` : report(verdict));
    return verdict.intact ? 0 : 1;
  } catch (error) {
    const message = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    process.stderr.write(`The audit log could not be checked: ${message}\n`);
    return 2;
  }
}

process.exitCode = await main();
