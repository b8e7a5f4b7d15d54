// Heads of the audit chain, kept where the database's owner cannot reach them: one object for each, never overwritten.
// For this to mean something the bucket's keys must lie in other hands than the database's.
import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { AuditHead, canonicalJson } from '@arena/contracts';
import { ObjectsError, type Listed, type Objects } from '@arena/objects';
import { DomainError } from '@arena/problem';

export const AUDIT_HEADS = Symbol('AuditHeads');

export interface OutsideHead {
  readonly key: string;
  /** What its key says; undefined for an object that is no head of ours. */
  readonly sequence: number | undefined;
  /** Whether it is surely this head, without a read. False means: read it. */
  holds(head: AuditHead): boolean;
  /** Undefined when it is not a head, or not the one that its key says. */
  read(): Promise<AuditHead | undefined>;
}

export interface AuditHeads {
  /** May be repeated. `contradicted`: another head of this number is kept already, and stays. */
  keep(head: AuditHead): Promise<'kept' | 'contradicted'>;
  /** In the order of their numbers. */
  list(): AsyncIterable<OutsideHead>;
}

const FOLDER = 'heads/';
const LONGEST = 1_000;
const keyOf = (sequence: number) => `${FOLDER}${String(sequence).padStart(20, '0')}.json`;
const bodyOf = ({ sequence, hash, at }: AuditHead) => canonicalJson({ sequence, hash, at });
const sequenceIn = (key: string) => Number(/^heads\/(\d{20})\.json$/.exec(key)?.[1] ?? Number.NaN);
// S3's ETag of a small object, unless it is encrypted with a customer's key: then every head is read instead.
const etagOf = (body: string) => createHash('md5').update(body).digest('hex');

export function auditHeads(objects: Objects, bucket: string): AuditHeads {
  const read = async (key: string): Promise<AuditHead | undefined> => {
    const head = parse(await text(await objects.read(bucket, key)));
    return head?.sequence === sequenceIn(key) ? head : undefined;
  };

  const toOutside = ({ key, size, etag }: Listed): OutsideHead => ({
    key,
    sequence: Number.isNaN(sequenceIn(key)) ? undefined : sequenceIn(key),
    holds: head => keyOf(head.sequence) === key && etagOf(bodyOf(head)) === etag,
    read: async () => (size > LONGEST ? undefined : reachable(() => read(key))),
  });

  return {
    async keep(head) {
      const put = { contentType: 'application/json', ifNoneMatch: '*' } as const;
      const { created } = await objects.put(bucket, keyOf(head.sequence), bodyOf(head), put);
      if (created) return 'kept';
      const there = await read(keyOf(head.sequence));
      return there?.hash === head.hash ? 'kept' : 'contradicted';
    },
    async *list() {
      const listed = objects.list(bucket, FOLDER)[Symbol.asyncIterator]();
      for (;;) {
        const next = await reachable(() => listed.next());
        if (next.done) return;
        yield toOutside(next.value);
      }
    },
  };
}

function parse(body: string): AuditHead | undefined {
  try {
    return AuditHead.parse(JSON.parse(body));
  } catch {
    return undefined;
  }
}

async function reachable<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (!(cause instanceof ObjectsError)) throw cause;
    const detail = 'The heads outside the database cannot be read now.';
    throw new DomainError('service/unavailable', { detail, retryAfterSeconds: 10, cause });
  }
}
