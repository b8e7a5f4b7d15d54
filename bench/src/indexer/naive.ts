import { abis } from '@arena/chain';
import { Contract, Interface, JsonRpcProvider, type Log } from 'ethers';
import pg from 'pg';

/** What one writes first: `getLogs`, `parseLog`, and an INSERT for each event, one after the other. */
export interface Naive {
  /** Blocks `from` … `to`: events per second. */
  round(from: number, to: number): Promise<number>;
  close(): Promise<void>;
}

export async function naiveIndexer(databaseUrl: string, rpcUrl: string, staking: string): Promise<Naive> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`
    create table naive (
      block bigint not null, log_index int not null, transaction text not null, at timestamptz(0) not null,
      program smallint not null, task bigint not null, role smallint not null, account text not null,
      delta numeric(78) not null, total numeric(78) not null, primary key (block, log_index)
    );
    create index on naive (program, task, role, account);
    create index on naive (account, block desc, log_index desc)`);
  const provider = new JsonRpcProvider(rpcUrl, undefined, { staticNetwork: true });
  const abi = new Interface(abis.staking);
  const contract = new Contract(staking, abi, provider);
  const topics = await contract.filters['StakeChanged']?.().getTopicFilter();

  const insert = async (log: Log, at: number) => {
    const event = abi.parseLog(log);
    if (!event) return;
    const { program, task, role, account, delta, total } = event.args.toObject();
    await client.query(
      `insert into naive (block, log_index, transaction, at, program, task, role, account, delta, total)
       values ($1, $2, $3, to_timestamp($4), $5, $6, $7, lower($8), $9, $10)`,
      [log.blockNumber, log.index, log.transactionHash, at, program, task, role, account, delta, total].map(String),
    );
  };

  return {
    async round(from, to) {
      const began = performance.now();
      const times = new Map<number, number>();
      const logs = await provider.getLogs({ address: staking, topics: topics ?? [], fromBlock: from, toBlock: to });
      for (const log of logs) {
        const at = times.get(log.blockNumber) ?? (await provider.getBlock(log.blockNumber))?.timestamp ?? 0;
        times.set(log.blockNumber, at);
        await insert(log, at);
      }
      return (logs.length / (performance.now() - began)) * 1_000;
    },
    async close() {
      provider.destroy();
      await client.end();
    },
  };
}
