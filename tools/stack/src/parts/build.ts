import { join } from 'node:path';
import { logTail, ServerError, startChild } from '@arena/servers';
import { repository } from './folder.js';

/** Builds what has changed; quick when nothing has. */
export async function build(log: string): Promise<void> {
  const child = await startChild({
    name: 'build',
    command: process.execPath,
    args: [join(repository, 'tools', 'build', 'build.mjs'), 'apps'],
    cwd: repository,
    log,
  });
  if ((await child.exited).code === 0) return;
  throw new ServerError(`the build failed; its log ${log} ends with\n${(await logTail(log, 20)).join('\n')}`);
}
