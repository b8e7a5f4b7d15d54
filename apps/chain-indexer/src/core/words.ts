// The words of a log, by hand: an ABI library takes longer over one event than Postgres takes to store it.
import type { Log } from './block.js';

/** Topics and data that are not what the event's ABI says: no contract of ours wrote them. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

/** Later than this the calendar of dates as we write them ends; a deadline beyond it is one that never comes. */
const LAST_SECOND = 253_402_300_799n;
const WORD = 64;
const HALF = 1n << 255n;
const WHOLE = 1n << 256n;

/** Indexed words first, those of the data after them, counted through. */
export type Words = (i: number) => string;

export function wordsOf(log: Log, indexed: number, words: number): Words {
  const { topics, data } = log;
  if (topics.length !== indexed + 1 || data.length < 2 + words * WORD) {
    throw new Malformed(`log ${log.index} of block ${log.block} is not what its topic says`);
  }
  return i =>
    i < indexed
      ? (topics[i + 1] as string).slice(2)
      : data.slice(2 + (i - indexed) * WORD, 2 + (i - indexed + 1) * WORD);
}

export const uint = (word: string): string => BigInt(`0x${word}`).toString();

/** Of at most 53 bits: roles, rates. */
export const small = (word: string): number => Number.parseInt(word, 16);

export function int(word: string): string {
  const value = BigInt(`0x${word}`);
  return (value >= HALF ? value - WHOLE : value).toString();
}

export function address(word: string): string {
  if (!word.startsWith('000000000000000000000000')) throw new Malformed(`${word} is no address`);
  return `0x${word.slice(24)}`;
}

export const bytes32 = (word: string): string => `0x${word}`;

export function seconds(word: string): number {
  const value = BigInt(`0x${word}`);
  return Number(value < LAST_SECOND ? value : LAST_SECOND);
}

/** A string whose offset stands in the data's word `at`; what Postgres can't keep in a text is replaced. */
export function text(data: string, at: number): string {
  const word = (position: number) => data.slice(2 + position * 2, 2 + position * 2 + WORD);
  const offset = small(word(at * 32));
  const length = small(word(offset));
  const start = 2 + (offset + 32) * 2;
  const bytes = data.slice(start, start + length * 2);
  if (bytes.length !== length * 2) throw new Malformed('a text ends before its length');
  return Buffer.from(bytes, 'hex').toString('utf8').replaceAll('\0', '\ufffd');
}
