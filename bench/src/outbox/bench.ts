import { type Bench, compared } from '../row.js';
import { durableServers } from '../servers.js';
import { bareBull } from './baseline.js';
import { library } from './subject.js';

const rounds = 7;
const messages = 3_000;

export const outbox: Bench = {
  about: 'messages/s from commit to acknowledgement, beside bare BullMQ with one committed INSERT a message',
  async run(progress) {
    const servers = await durableServers();
    try {
      const baseline = await bareBull(servers.postgresUrl, servers.redisUrl);
      const subject = await library(servers.postgresUrl, servers.redisUrl);
      await baseline.round(messages / 3);
      await subject.round(messages / 3);
      const [bare, ours]: [number[], number[]] = [[], []];
      for (let round = 1; round <= rounds; round++) {
        bare.push(await baseline.round(messages));
        ours.push(await subject.round(messages));
        progress(`round ${round}: bare ${bare.at(-1)?.toFixed(0)}/s, outbox ${ours.at(-1)?.toFixed(0)}/s`);
      }
      await Promise.all([baseline.close(), subject.close()]);
      return [compared('outbox', 'messages/s', ours, bare)];
    } finally {
      await servers.stop();
    }
  },
};
