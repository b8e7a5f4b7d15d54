// S3 lists keys in the order of their UTF-8 bytes. JavaScript compares UTF-16 units, which puts
// surrogate pairs (code points above U+FFFF) before U+E000…U+FFFF; `rank` moves them after.
const rank = (unit: number) => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800);

export function compareUtf8(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at += 1) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** The first place whose key is not `before`; keys that are before must come first. */
export function firstNot(keys: readonly string[], before: (key: string) => boolean): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (before(keys[middle] as string)) low = middle + 1;
    else high = middle;
  }
  return low;
}

export class SortedKeys {
  readonly all: string[];

  constructor(keys: Iterable<string> = []) {
    this.all = [...keys].sort(compareUtf8);
  }

  add(key: string): void {
    const at = firstNot(this.all, other => compareUtf8(other, key) < 0);
    if (this.all[at] !== key) this.all.splice(at, 0, key);
  }

  remove(key: string): void {
    const at = firstNot(this.all, other => compareUtf8(other, key) < 0);
    if (this.all[at] === key) this.all.splice(at, 1);
  }
}
