import { setTimeout as sleep } from 'node:timers/promises';
import type { Item } from '@arena/sdk';
import type { Context, Step } from '../context.js';

type Entry = Item<'audit.list'>;

const SEALED_WITHIN_MS = 15_000;

export const audit: Step = {
  name: 'audit',
  title: 'What admins did is in the audit log, and the log proves itself',
  async run(context) {
    const { say, signal, know, fact, admin, client } = context;
    const entries = await sealedEntries(context);
    const rows = entries.map(({ seal, at, action, subject, reason }) => [
      String(seal?.sequence), at.slice(11, 23), action, subject, reason ?? '',
    ]); // prettier-ignore
    say.table('Audit log of this run', [['seal', 'time', 'action', 'subject', 'reason'], ...rows]);

    const { sequence, hash } = await client.call('audit.head', { signal });
    const body = { head: { sequence, hash } };
    const verdict = await admin().call('audit.verify', { body, signal });
    if (!verdict.intact)
      throw new Error(`The audit log is broken: ${verdict.faults.map(({ what }) => what).join('; ')}`);
    say.note(`${verdict.checked} entries recomputed, the chain is intact`);
    know('auditEntries', verdict.checked);

    const history = [];
    for await (const change of client.paginate('tasks.history', { params: { task: fact('task').task }, signal }))
      history.push([change.at.slice(11, 23), change.what, change.phase, change.reason ?? '']);
    say.table('Life of the task', [['time', 'what', 'phase', 'reason'], ...history]);
  },
};

/** The entries of this run, oldest first, once the sealer has come by. */
async function sealedEntries({ signal, startedAt, admin }: Context): Promise<Entry[]> {
  for (const until = Date.now() + SEALED_WITHIN_MS; Date.now() < until; await sleep(300, undefined, { signal })) {
    const entries: Entry[] = [];
    const query = { from: startedAt.toISOString() };
    for await (const entry of admin().paginate('audit.list', { query, signal })) entries.unshift(entry);
    if (entries.length > 0 && entries.every(({ seal }) => seal)) return entries;
  }
  throw new Error(`The entries of this run were not sealed within ${SEALED_WITHIN_MS / 1_000} s`);
}
