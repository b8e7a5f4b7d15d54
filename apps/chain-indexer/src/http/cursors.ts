// What cursors hold: the sort key of the last row of a page. A block that a reorganisation took away shifts no page.
import { z } from 'zod';
import type { PlaceKey } from '../store/read-stakes.js';

const Safe = z.int().min(0);
const Wallet = z.string().regex(/^0x[0-9a-f]{40}$/);

export const PlaceCursor = z.tuple([Safe, Safe]);
export const StakeCursor = z.tuple([Safe, Safe, Wallet]);
export const DelegationCursor = z.tuple([Safe, Safe, Wallet, Wallet]);
export const WeightCursor = z.tuple([Wallet.nullable(), Wallet]);
export const NumberCursor = Safe;

export const placeKey = (row: { block: bigint; logIndex: number }): PlaceKey => [Number(row.block), row.logIndex];
