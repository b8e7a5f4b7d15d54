import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** Every secret of a stack follows from one kept file, so a service that is new tomorrow has one too. */
export function openSecrets(file: string): (name: string) => string {
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
  const root = readFileSync(file, 'utf8').trim();
  return name => createHmac('sha256', root).update(name).digest('hex').slice(0, 40);
}
