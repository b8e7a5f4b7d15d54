/**
 * A key that some object of this JSON has twice: `JSON.parse` takes the last, other readers the first. The text has been
 * parsed already, so only strings and brackets need to be told apart.
 */
export function repeatedKey(json: string): string | undefined {
  const open: (Set<string> | null)[] = [];
  const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]]/gs;
  const colon = /[ \t\r\n]*:/y;
  for (let found = tokens.exec(json); found; found = tokens.exec(json)) {
    const [token] = found;
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(null);
    else if (token === '}' || token === ']') open.pop();
    else {
      const keys = open.at(-1);
      colon.lastIndex = tokens.lastIndex;
      if (!keys || !colon.test(json)) continue;
      const key = JSON.parse(token) as string;
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return undefined;
}
