import type { Stack } from '../stack.js';

const withoutPassword = (address: string): string => {
  const url = new URL(address);
  if (url.password) url.password = '…';
  return decodeURI(url.href);
};

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  return rows.map(row => `  ${line(row).trimEnd()}`).join('\n');
}

/** What a person wants to see once all is up: where each part is, and what to do next. */
export function summary(stack: Stack): string {
  const s3Note = stack.s3.kind === 'development' ? 'up (our own little server, for development only)' : 'up';
  const parts = [
    ['origin', stack.origin, 'up'],
    ...stack.services.map(({ name, ports }) => [name, `http://127.0.0.1:${ports.http}`, 'ready']),
    ['PostgreSQL', withoutPassword(stack.postgres.adminUrl), 'up'],
    ['Redis', withoutPassword(stack.redis.url), 'up'],
    ['S3', stack.s3.endpoint, s3Note],
    ['chain', `${stack.chain.url} (id ${stack.chain.chainId})`, 'up'],
  ];
  const contracts = Object.entries(stack.chain.deployment.contracts);
  const wallets = stack.wallets.map(({ role, address, privateKey }) => [role, address, privateKey]);
  return [
    table(parts),
    '',
    `  API docs  ${stack.origin}/docs`,
    `  logs      ${stack.logs}`,
    '',
    `  contracts (${stack.chain.deploymentFile})`,
    table(contracts),
    '',
    '  demo wallets (development only: the whole world knows these keys)',
    table(wallets),
    '',
    '  Ctrl-C stops everything; data is kept until "npm run reset"',
    '',
  ].join('\n');
}

/** The same for a program. */
export const machineSummary = (stack: Stack): string =>
  JSON.stringify({
    origin: stack.origin,
    docs: `${stack.origin}/docs`,
    postgres: stack.postgres.adminUrl,
    redis: stack.redis.url,
    s3: stack.s3,
    chain: stack.chain,
    services: Object.fromEntries(
      stack.services.map(({ name, ports, pid }) => [
        name,
        { url: `http://127.0.0.1:${ports.http}`, metrics: `http://127.0.0.1:${ports.metrics}`, pid: pid() },
      ]),
    ),
    wallets: stack.wallets,
    logs: stack.logs,
  });
