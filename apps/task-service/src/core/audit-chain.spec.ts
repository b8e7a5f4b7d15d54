import { createHash } from 'node:crypto';
import type { Json } from '@arena/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chain, genesis, type ChainedEntry, type Tip } from './audit-chain.js';
import { checkHead, checkLink, type StoredLink } from './audit-check.js';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const instant = fc
  .date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true })
  .map(at => at.toISOString());
const nullable = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const json = fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<Json>;
const entry: fc.Arbitrary<ChainedEntry> = fc.record({
  ...{ id: fc.uuid(), at: instant, recordedAt: instant, actor: fc.string(), action: fc.string(), subject: fc.string() },
  ...{ reason: nullable(fc.string()), before: json, after: json, traceId: nullable(fc.string()) },
});
const log = (minLength: number) =>
  fc.uniqueArray(entry, { minLength, maxLength: 5, selector: ({ id }) => id }).map(entries => stored(genesis, entries));

function stored(tip: Tip, entries: readonly ChainedEntry[]): StoredLink[] {
  return chain(tip, entries, sha256).map((link, n) => ({ ...link, content: entries[n] ?? null }));
}

/** The kinds of the faults that are found in these links, as the database would give them. */
function faultsOf(links: readonly StoredLink[]): string[] {
  const sorted = [...links].sort((a, b) => a.sequence - b.sequence);
  return sorted.flatMap((link, n) => checkLink(sorted[n - 1] ?? genesis, link, sha256).map(({ kind }) => kind));
}

const any = <T>(items: readonly T[], n: number): [T, number] => [items[n % items.length] as T, n % items.length];
const replace = (links: readonly StoredLink[], n: number, link: StoredLink) => links.with(n, link);

describe('the chain', () => {
  it('is sha256(canonicalJson({previous, sequence, entry})), which anybody can recompute', () => {
    const first: ChainedEntry = {
      ...{ id: '019a0000-0000-7000-8000-000000000001', actor: '0xadmin', action: 'task.open', subject: 'task:7' },
      ...{ at: '2026-11-21T10:00:00.000Z', recordedAt: '2026-11-21T10:00:01.000Z', reason: 'ready', traceId: null },
      ...{ before: null, after: { phase: 'submission', b: [1, 0.5] } },
    };
    const text =
      '{"entry":{"action":"task.open","actor":"0xadmin","after":{"b":[1,0.5],"phase":"submission"},' +
      '"at":"2026-11-21T10:00:00.000Z","before":null,"id":"019a0000-0000-7000-8000-000000000001","reason":"ready",' +
      '"recordedAt":"2026-11-21T10:00:01.000Z","subject":"task:7","traceId":null},' +
      `"previous":"${'0'.repeat(64)}","sequence":1}`;
    expect(chain(genesis, [first], sha256)).toEqual([
      { sequence: 1, previous: '0'.repeat(64), entry: first.id, hash: sha256(text) },
    ]);
  });

  it('is whole when nothing was done to it, also when it grew in batches', () => {
    fc.assert(
      fc.property(log(1), fc.nat(), (links, n) => {
        const [, cut] = any(links, n);
        const entries = links.map(link => link.content as ChainedEntry);
        const first = stored(genesis, entries.slice(0, cut));
        const second = stored(first.at(-1) ?? genesis, entries.slice(cut));
        expect([...first, ...second]).toEqual(links);
        expect(faultsOf(links)).toEqual([]);
      }),
    );
  });

  it('shows the change of any field of any entry', () => {
    const fields = [
      'id',
      'at',
      'recordedAt',
      'actor',
      'action',
      'subject',
      'reason',
      'before',
      'after',
      'traceId',
    ] as const;
    fc.assert(
      fc.property(log(1), fc.nat(), fc.constantFrom(...fields), entry, (links, n, field, other) => {
        const [link, at] = any(links, n);
        fc.pre(JSON.stringify(link.content?.[field]) !== JSON.stringify(other[field]));
        const content = { ...(link.content as ChainedEntry), [field]: other[field] };
        expect(faultsOf(replace(links, at, { ...link, content }))).toContain('changed');
      }),
    );
  });

  it('shows the change of any field of any link', () => {
    fc.assert(
      fc.property(log(1), fc.nat(), fc.constantFrom('hash', 'previous'), entry, (links, n, field, other) => {
        const [link, at] = any(links, n);
        expect(faultsOf(replace(links, at, { ...link, [field]: sha256(other.id) }))).not.toEqual([]);
      }),
    );
  });

  it('shows the removal of an entry, and of a link that others continue', () => {
    fc.assert(
      fc.property(log(2), fc.nat(), (links, n) => {
        const [link, at] = any(links.slice(0, -1), n);
        expect(faultsOf(replace(links, at, { ...link, content: null }))).toEqual(['missing']);
        expect(faultsOf(links.toSpliced(at, 1))).toEqual(['gap']);
        expect(faultsOf(renumbered(links.toSpliced(at, 1)))).not.toEqual([]);
      }),
    );
  });

  it('shows two entries that changed places, with their links or without', () => {
    fc.assert(
      fc.property(log(2), fc.nat(), fc.nat(), (links, n, m) => {
        const [[a, first], [b, second]] = [any(links, n), any(links, m)];
        fc.pre(first !== second);
        const contents = links.with(first, { ...a, content: b.content }).with(second, { ...b, content: a.content });
        expect(faultsOf(contents)).toEqual(['changed', 'changed']);
        expect(faultsOf(renumbered(links.with(first, b).with(second, a)))).toContain('order');
      }),
    );
  });

  it('shows an inserted entry, also when all later links are renumbered', () => {
    fc.assert(
      fc.property(log(1), fc.nat(), entry, (links, n, other) => {
        const [, at] = any(links, n);
        const forged = stored(links[at - 1] ?? genesis, [other]);
        expect(faultsOf(renumbered(links.toSpliced(at, 0, ...forged)))).not.toEqual([]);
        expect(faultsOf([...links.slice(0, at), ...forged, ...links.slice(at)])).toContain('fork');
      }),
    );
  });

  it('shows two continuations of one link', () => {
    fc.assert(
      fc.property(log(1), entry, (links, other) => {
        const last = links.at(-1) as StoredLink;
        const tip = { ...genesis, ...links.at(-2) };
        const [forged] = chain(tip, [other], sha256);
        const fork = { ...(forged as StoredLink), sequence: last.sequence + 1, content: other };
        expect(faultsOf([...links, fork])).toContain('fork');
      }),
    );
  });
});

describe('a head that was kept', () => {
  const against = (links: readonly StoredLink[], { sequence, hash }: Tip) => {
    const newest = links.at(-1)?.sequence ?? 0;
    const there = links.find(link => link.sequence === sequence);
    return checkHead({ sequence, hash }, there?.hash, newest, 'by a test').map(({ kind }) => kind);
  };

  it('agrees with the log that it was taken of, however long that has become', () => {
    fc.assert(
      fc.property(log(1), fc.nat(), (links, n) => {
        expect(against(links, any(links, n)[0])).toEqual([]);
      }),
    );
  });

  it('shows that the end was cut off, which the chain itself cannot', () => {
    fc.assert(
      fc.property(log(1), fc.nat(), (links, n) => {
        const cut = links.slice(0, any(links, n)[1]);
        expect(faultsOf(cut)).toEqual([]);
        expect(against(cut, links.at(-1) as StoredLink)).toEqual(['truncated']);
      }),
    );
  });

  it('shows a rewriting that made all hashes anew, which the chain itself cannot', () => {
    fc.assert(
      fc.property(log(1), fc.nat(), entry, (links, n, other) => {
        const [, at] = any(links, n);
        const rewritten = stored(
          genesis,
          links.map((link, m) => (m === at ? other : (link.content as ChainedEntry))),
        );
        expect(faultsOf(rewritten)).toEqual([]);
        expect(against(rewritten, links.at(-1) as StoredLink)).toEqual(['rewritten']);
      }),
    );
  });
});

const renumbered = (links: readonly StoredLink[]) => links.map((link, n) => ({ ...link, sequence: n + 1 }));
