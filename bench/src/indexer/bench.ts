import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type Bench, compared, median } from '../row.js';
import { durableServers } from '../servers.js';
import { stakedChain } from './chain.js';
import { naiveIndexer } from './naive.js';
import { follower } from './subject.js';

const events = 50_000;
const rounds = 5;

/** Rows that only one of the two has; the naive one knows neither ordinals nor weights. */
const differing = `
  with ours as (
    select block, log_index, transaction, at, program, task, role, account, delta, total from chain.stake_changes
  )
  select (select count(*) from ours)::int as rows,
    (select count(*) from (table ours except table naive) as a)::int
    + (select count(*) from (table naive except table ours) as b)::int as differing`;

export const index: Bench = {
  about: 'events/s from a local chain into PostgreSQL, beside getLogs + parseLog + one INSERT an event',
  async run(progress) {
    const servers = await durableServers();
    const folder = await mkdtemp(join(tmpdir(), 'arena-bench-index-'));
    const chain = await stakedChain(events, progress);
    try {
      const subject = await follower(servers.postgresUrl, chain, folder);
      const naive = await naiveIndexer(servers.postgresUrl, chain.url, chain.deployment.contracts.staking);
      await subject.round();
      const [bare, ours]: [number[], number[]] = [[], []];
      for (let round = 1; round <= rounds; round++) {
        // Each round of the naive one takes its share of the blocks, so that all of them are there to compare.
        const cut = (n: number) => chain.from + Math.round(((chain.to - chain.from + 1) * n) / rounds);
        bare.push(await naive.round(cut(round - 1), cut(round) - 1));
        ours.push(await subject.round());
        progress(`round ${round}: naive ${bare.at(-1)?.toFixed(0)}/s, indexer ${ours.at(-1)?.toFixed(0)}/s`);
      }
      await naive.close();
      const client = new pg.Client({ connectionString: servers.postgresUrl });
      await client.connect();
      const { rows } = await client.query<{ rows: number; differing: number }>(differing);
      await client.end();
      const [exact] = rows;
      if (!exact || exact.rows < events || exact.differing > 0)
        throw new Error(`not row-exact: ${JSON.stringify(exact)}`);
      progress(`${exact.rows} rows, none differs`);
      const rate = Math.round(median(ours));
      return [
        compared('index', 'events/s', ours, bare),
        { name: 'index.rate', value: rate, unit: 'events/s', baseline: null, ratio: null },
      ];
    } finally {
      await chain.stop();
      await servers.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};
