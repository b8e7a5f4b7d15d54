export interface BlockRange {
  from: number;
  to: number;
}

const named = /(?:\[|range )(0x[0-9a-f]+|\d+)\s*(?:,|-)\s*(0x[0-9a-f]+|\d+)/i;
const limit =
  /(?:max(?:imum)?(?: allowed)?(?: block)?(?: number of requested blocks)?(?: range)?|limited to|limit(?: of)?|is set to|up to|at most|size|over|(?:greater|more) than)\s*(?:is|of|:|=|0\s*-)?\s*(?:an?\s+)?(\d[\d,]*)(k?)(?!\s*(?:results|logs|bytes))/i;

const number = (text: string): number => Number(text.replaceAll(',', ''));

/**
 * The range that a provider's refusal names, or the widest range it says it takes, counted from where we began.
 * Nodes have been seen to suggest the very range that they refused: only a narrower one is of use.
 */
export function suggestedRange(words: string, asked: BlockRange): BlockRange | undefined {
  return [namedRange(words), widestRange(words, asked)].find(range => range && isNarrower(range, asked));
}

function namedRange(words: string): BlockRange | undefined {
  const found = named.exec(words);
  return found ? { from: number(found[1] ?? ''), to: number(found[2] ?? '') } : undefined;
}

function widestRange(words: string, asked: BlockRange): BlockRange | undefined {
  const found = limit.exec(words);
  if (!found) return undefined;
  const blocks = number(found[1] ?? '') * (found[2] ? 1_000 : 1);
  return { from: asked.from, to: asked.from + blocks - 1 };
}

/** Also false for whatever is no number. */
const isNarrower = (range: BlockRange, asked: BlockRange): boolean =>
  range.from === asked.from && range.from <= range.to && range.to < asked.to;
