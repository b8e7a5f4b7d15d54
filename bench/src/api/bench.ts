import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compared, median, type Bench, type Row } from '../row.js';
import { durableServers } from '../servers.js';
import { load, type Load } from './load.js';
import { bareServer, taskService, type Side } from './sides.js';
import { spec } from './spec.js';

const rounds = 5;

const json = { 'content-type': 'application/json' };

const read = ({ url, headers }: Side) =>
  load(url, { method: 'GET', path: '/v1/tasks/1', headers: withoutCredential(headers) }, false);
const write =
  (path: string, body: unknown) =>
  ({ url, headers }: Side) =>
    load(url, { method: 'POST', path, headers: { ...headers, ...json }, body: JSON.stringify(body) }, true);

const loads = {
  'api.read': read,
  'api.write': write('/v1/datasets', { name: 'a dataset', description: 'of the usual size', purpose: 'training' }),
  'api.write.task': write('/v1/tasks', { spec }),
};

/** Tasks are public: most of their readers are nobody in particular. */
const withoutCredential = ({ authorization: _, ...headers }: Record<string, string>) => headers;

export const api: Bench = {
  about: 'requests/s of GET /v1/tasks/{n} and of an idempotent POST, beside a bare server with one statement a request',
  async run(progress) {
    const servers = await durableServers();
    const folder = await mkdtemp(join(tmpdir(), 'arena-bench-api-'));
    const bare = await bareServer(servers, folder);
    const ours = await taskService(servers);
    try {
      const rows: Row[] = [];
      for (const [name, run] of Object.entries(loads)) {
        await run(bare);
        await run(ours);
        const taken: { bare: Load; ours: Load }[] = [];
        for (let round = 1; round <= rounds; round++) {
          const pair = { bare: await run(bare), ours: await run(ours) };
          taken.push(pair);
          progress(
            `${name} round ${round}: bare ${pair.bare.perSecond.toFixed(0)}/s, ours ${pair.ours.perSecond.toFixed(0)}/s`,
          );
        }
        const of = (side: 'bare' | 'ours', figure: keyof Load) => taken.map(pair => pair[side][figure]);
        rows.push(compared(name, 'requests/s', of('ours', 'perSecond'), of('bare', 'perSecond')));
        const [value, baseline] = [median(of('ours', 'p99')), median(of('bare', 'p99'))];
        rows.push({
          name: `${name}.p99`,
          unit: 'ms',
          value,
          baseline,
          ratio: Number((value / baseline).toPrecision(4)),
        });
      }
      return rows;
    } finally {
      await Promise.all([bare.stop(), ours.stop()]);
      await servers.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};
