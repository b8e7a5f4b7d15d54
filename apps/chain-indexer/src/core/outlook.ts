// When a block will be final, from what a node says at this moment: how far its final block lies below its head, and how
// long its blocks took on the way. A chain that finalises in leaps, as Ethereum does, may be early or late by one leap.

interface Moment {
  readonly number: number;
  /** Unix seconds. */
  readonly at: number;
}

export interface Outlook {
  /** Blocks up to this one are final by the node's own words, whether or not our tables are that far. */
  readonly finalised: number;
  /** Now, when that block is final already. */
  expectedFinalAt(block: number): Date;
}

export function outlookOf(view: { tip: Moment; finalised: Moment }, finality: 'tag' | number, now: Date): Outlook {
  const { tip, finalised } = view;
  const apart = tip.number - finalised.number;
  // A young chain has fewer blocks than it takes to finalise one.
  const depth = finality === 'tag' ? apart : finality;
  const secondsPerBlock = apart > 0 ? Math.max(0, tip.at - finalised.at) / apart : 0;
  return {
    finalised: finalised.number,
    expectedFinalAt: block => {
      const outstanding = Math.max(0, block + depth - tip.number);
      return new Date(now.getTime() + Math.ceil(outstanding * secondsPerBlock) * 1_000);
    },
  };
}
