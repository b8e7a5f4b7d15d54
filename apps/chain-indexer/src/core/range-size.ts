// How many blocks to ask for at once. Providers limit blocks, logs, bytes or seconds, and say so in words of their own:
// the size grows while answers come, falls when one is refused, and takes what the refusal suggests.

export interface RangeSize {
  readonly blocks: number;
  /** What was refused not long ago; creeps up again, because limits are often of logs and not of blocks. */
  readonly ceiling: number;
}

export type Answer =
  | { readonly answer: 'taken'; readonly logs: number }
  | { readonly answer: 'refused'; readonly asked: number; readonly suggested: number | undefined };

export const MOST_BLOCKS = 2_000;
/** One transaction's worth: enough to be quick, and no minute of work to lose. */
export const MANY_LOGS = 10_000;

export const firstSize: RangeSize = { blocks: 100, ceiling: MOST_BLOCKS };

export function nextSize(size: RangeSize, answer: Answer): RangeSize {
  if (answer.answer === 'refused') {
    // A suggestion is a fact about the provider; half of what was refused is a guess.
    const { asked, suggested = Math.max(1, Math.floor(asked / 2)) } = answer;
    return { blocks: suggested, ceiling: answer.suggested ?? Math.max(1, asked - 1) };
  }
  const ceiling = Math.min(MOST_BLOCKS, size.ceiling + Math.ceil(size.ceiling / 16));
  if (answer.logs > MANY_LOGS) return { blocks: Math.max(1, Math.floor(size.blocks / 2)), ceiling };
  if (answer.logs > MANY_LOGS / 2) return { blocks: size.blocks, ceiling };
  return { blocks: Math.min(size.blocks * 2, size.ceiling), ceiling };
}
