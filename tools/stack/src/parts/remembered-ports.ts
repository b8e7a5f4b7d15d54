import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { freePort, isFree } from '@arena/servers';
import { z } from 'zod';

const kept = z.record(z.string(), z.number());

/** The port that this part had the last time, if nobody else took it meanwhile: addresses noted down stay good. */
export function rememberedPorts(file: string): (part: string) => Promise<number> {
  const before = existsSync(file) ? (kept.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data ?? {}) : {};
  const ports: Record<string, number> = { ...before };
  const given = new Set<number>();
  return async part => {
    const last = before[part];
    let port = last !== undefined && !given.has(last) && (await isFree(last)) ? last : await freePort();
    while (given.has(port)) port = await freePort();
    given.add(port);
    ports[part] = port;
    writeFileSync(file, JSON.stringify(ports));
    return port;
  };
}
