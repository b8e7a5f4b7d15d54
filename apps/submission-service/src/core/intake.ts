// What intake remembers of a submission between its steps, and its rules about time and failure.
//
//   assembling → reading → inspecting → canonicalising → publishing → comparing
//
// What comes before `publishing` is done again by whoever takes a job up: it lay in a folder that died with its
// owner. From then on `Found` says all that the last two steps need.
import { ModelReport, Sha256 } from '@arena/contracts';
import { z } from 'zod';

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

export const Print = z.object({
  /** Of the canonical form, without padding. */
  sha256: Sha256,
  size: z.int().min(1),
  graphHash: Sha256,
  /** Digests of its tensors, sorted. */
  tensors: z.array(Sha256),
  sketch: z.string().regex(BASE64),
});
export type Print = z.output<typeof Print>;

const Blind = z.object({
  /** Written down before anything lies there, so that a death leaves no object that nobody knows. */
  key: z.string(),
  size: z.int().min(1),
  sha256: Sha256,
  published: z.boolean(),
});
export type Blind = z.output<typeof Blind>;

export const Found = z.object({ report: ModelReport, print: Print, blind: Blind }).partial();
export type Found = z.output<typeof Found>;
/** Of a model with which nothing is wrong. */
export interface Inspected {
  report: z.output<typeof ModelReport>;
  print: Print;
  blind: Blind;
}

export const isInspected = (found: Found): found is Inspected =>
  found.report !== undefined && found.print !== undefined && found.blind !== undefined;

/** Of the child process over one model: then the model is put aside. */
export const CRASHES_AT_MOST = 2;
/** Of our own process with the job in hand: more, for a rolling restart must not cost anybody a model. */
export const DEATHS_AT_MOST = 5;

/** A second, two, four … a minute. */
export const backoffMs = (tries: number): number => Math.min(60_000, 1_000 * 2 ** Math.min(tries, 6));

const MEBIBYTE = 1024 * 1024;

/** A minute, and a second for each 4 MiB: many times what an honest model of that size takes. */
export const childTimeoutMs = (bytes: number): number => 60_000 + Math.ceil(bytes / (4 * MEBIBYTE)) * 1_000;

/** On disk at the same time: what was uploaded, and the canonical form with at most an eighth of padding. */
export const scratchBytes = (bytes: number): number => 2 * bytes + Math.ceil(bytes / 8) + MEBIBYTE;

const HOUR_MS = 3_600_000;

type Standing = 'final' | 'none' | { expectedFinalAt: Date };

/** `wait`: until then the stake is expected to be final. */
export type StakeVerdict = 'final' | 'never' | { wait: Date };

/** A stake that was seen may be undone and mined again, so one that is gone is waited for as well. */
export function judgeStake(
  standing: Standing,
  { waitingUntil, completedAt }: { waitingUntil: Date | null; completedAt: Date },
  now: Date,
): StakeVerdict {
  if (standing === 'final') return 'final';
  if (standing !== 'none') return { wait: standing.expectedFinalAt };
  const expected = waitingUntil ?? completedAt;
  return now.getTime() >= expected.getTime() + HOUR_MS ? 'never' : { wait: expected };
}

/** Each new estimate is worth telling only when it moves by more than a minute. */
export const isNews = (told: Date | null, expected: Date): boolean =>
  told === null || Math.abs(expected.getTime() - told.getTime()) > 60_000;
