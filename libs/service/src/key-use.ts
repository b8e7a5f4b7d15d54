// When keys were last used. A use costs a map entry; now and then the map is told to task-service, which owns keys.
// A crash forgets at most one round: the time is for people, and no decision rests on it.
import type { ServiceName } from '@arena/contracts';
import type { Database } from '@arena/db';
import { publish } from '@arena/outbox';

const MOST_AT_ONCE = 1_000;

export interface KeyUse {
  note(id: string, at: Date): void;
  tell(database: Database): Promise<void>;
}

export function createKeyUse(service: ServiceName): KeyUse {
  const uses = new Map<string, Date>();
  return {
    note: (id, at) => uses.set(id, at),
    async tell(database) {
      const told = [...uses].slice(0, MOST_AT_ONCE);
      if (told.length === 0) return;
      const payload = { uses: told.map(([id, at]) => ({ id, at: at.toISOString() })) };
      await database.transaction(tx =>
        publish(tx, { name: 'key.used.v1', entity: `keys-used:${service}`, entityVersion: 1, payload }),
      );
      for (const [id, at] of told) if (uses.get(id) === at) uses.delete(id);
    },
  };
}
