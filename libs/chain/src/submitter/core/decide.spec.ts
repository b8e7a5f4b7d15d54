import { describe, expect, it } from 'vitest';
import { decide, type Attempt, type ChainView, type Intent } from './decide.js';

const settings = { maxFeeCap: 1_000n, minTip: 1n, rebroadcastMs: 10, bumpMs: 100 };
const attempt: Attempt = { hash: '0xa', nonce: 3, maxFee: 21n, tip: 1n, signedAt: 0, broadcastAt: 0 };
const block = { number: 7, hash: '0xb7' };
const receipt = { hash: '0xa', block, succeeded: true };
const sent: Intent = { status: 'sent', nonce: 3, attempts: [attempt], tryAt: 0 };
const mined: Intent = { status: 'mined', nonce: 3, attempts: [attempt], hash: '0xa', block };

const view = (over: Partial<ChainView> = {}): ChainView => ({
  market: { baseFee: 10n, tip: 1n },
  finalised: 5,
  finalCount: 3,
  receipts: new Map(),
  ...over,
});
const at = (intent: Intent, over: Partial<ChainView> = {}, now = 5) => decide(intent, view(over), settings, now);
const seen = (over: object = {}) => ({ receipts: new Map([['0xa', { ...receipt, ...over }]]) });

describe('an intent without a nonce', () => {
  it('reserves one when its time has come', () => {
    expect(at({ status: 'waiting', tryAt: 5 })).toEqual({ do: 'reserve' });
    expect(at({ status: 'waiting', tryAt: 6 })).toEqual({ do: 'wait' });
  });

  it('waits while gas costs more than the cap', () => {
    expect(at({ status: 'waiting', tryAt: 0 }, { market: { baseFee: 2_000n, tip: 0n } })).toEqual({ do: 'wait' });
  });
});

describe('an intent with a nonce and nothing signed', () => {
  it('is signed', () => {
    expect(at({ status: 'reserved', nonce: 3, tryAt: 0 })).toEqual({ do: 'sign', fees: { maxFee: 21n, tip: 1n } });
  });

  it('looks for who took its nonce, once that is used for good', () => {
    expect(at({ status: 'reserved', nonce: 3, tryAt: 0 }, { finalCount: 4 })).toEqual({ do: 'prove-foreign' });
  });
});

describe('an intent that was sent', () => {
  it('is given to a node at once when it was signed and never given', () => {
    const fresh: Intent = { ...sent, attempts: [{ ...attempt, broadcastAt: null }] };
    expect(at(fresh)).toEqual({ do: 'broadcast', hash: '0xa' });
  });

  it('is given the same bytes again after a while', () => {
    expect(at(sent, {}, 9)).toEqual({ do: 'wait' });
    expect(at(sent, {}, 10)).toEqual({ do: 'broadcast', hash: '0xa' });
  });

  it('is replaced by one that offers more after a longer while, unless the cap forbids it', () => {
    expect(at(sent, {}, 100)).toEqual({ do: 'sign', fees: { maxFee: 25n, tip: 3n } });
    const dear: Intent = { ...sent, attempts: [{ ...attempt, maxFee: 950n }] };
    expect(at(dear, {}, 100)).toEqual({ do: 'broadcast', hash: '0xa' });
  });

  it('is mined when any of its attempts is', () => {
    const twice: Intent = { ...sent, attempts: [attempt, { ...attempt, hash: '0xc' }] };
    expect(at(twice, seen())).toEqual({ do: 'mined', hash: '0xa', block });
  });

  it('is over when that block is final, whatever its outcome', () => {
    const end = { ...seen({ succeeded: false }), finalised: 7 };
    expect(at(sent, end)).toEqual({ do: 'finish', hash: '0xa', block, succeeded: false });
  });

  it('never signs anew on a missing receipt alone', () => {
    expect(at(sent, { finalCount: 4 }, 100)).toEqual({ do: 'prove-foreign' });
  });
});

describe('an intent that was mined', () => {
  it('waits for its block to be final', () => {
    expect(at(mined, seen())).toEqual({ do: 'wait' });
    expect(at(mined, { ...seen(), finalised: 7 })).toEqual({ do: 'finish', hash: '0xa', block, succeeded: true });
  });

  it('goes back to sent when a reorganisation takes its block', () => {
    expect(at(mined)).toEqual({ do: 'unmined' });
  });

  it('follows its transaction into another block', () => {
    const other = { number: 8, hash: '0xb8' };
    expect(at(mined, seen({ block: other }))).toEqual({ do: 'mined', hash: '0xa', block: other });
  });
});
