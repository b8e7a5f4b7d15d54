// A node's words, made ours. Logs are parsed by hand: there are tens of thousands in an answer.
import { quantity } from '@arena/chain';
import { z } from 'zod';
import type { Header, Log } from '../core/block.js';

const hash = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/)
  .toLowerCase();
const bloom = z
  .string()
  .regex(/^0x[0-9a-fA-F]{512}$/)
  .transform(hex => new Uint8Array(Buffer.from(hex.slice(2), 'hex')));

const RawHeader = z.object({ number: quantity, hash, parentHash: hash, timestamp: quantity, logsBloom: bloom });

/** Null is what a node says of a block that it does not have: it fails here like any other nonsense. */
export function parseHeader(raw: unknown): Header {
  const { timestamp, logsBloom, ...header } = RawHeader.parse(raw);
  return { ...header, at: timestamp, bloom: logsBloom };
}

export const parseLogs = (raw: unknown): Log[] => list(raw).map(parseLog);

/** Enough of a log to recognise it. */
export type Mark = Pick<Log, 'index' | 'data'>;

export const parseMarks = (raw: unknown): Mark[] =>
  list(raw).map(log => {
    const { logIndex, data } = (log ?? {}) as Record<string, unknown>;
    return { index: whole(logIndex), data: hex(data) };
  });

function list(raw: unknown): unknown[] {
  if (!Array.isArray(raw)) throw new TypeError('logs are not a list');
  return raw;
}

const HEX = /^0x[0-9a-f]*$/;

function hex(value: unknown, bytes?: number): string {
  const text = typeof value === 'string' ? value : '';
  // Most nodes write small letters: only those that do not are rewritten.
  const lower = HEX.test(text) ? text : text.toLowerCase();
  const wrong = bytes === undefined ? lower.length % 2 !== 0 : lower.length !== 2 + bytes * 2;
  if (wrong || (lower !== text && !HEX.test(lower)) || lower === '') {
    throw new TypeError(`${String(value).slice(0, 100)} is not what a log has there`);
  }
  return lower;
}

function whole(value: unknown): number {
  const number = typeof value === 'string' && value.startsWith('0x') ? Number(value) : NaN;
  if (!Number.isSafeInteger(number)) throw new TypeError(`${String(value).slice(0, 100)} is not a place of a log`);
  return number;
}

function parseLog(raw: unknown): Log {
  const log = (raw ?? {}) as Record<string, unknown>;
  const { topics } = log;
  if (!Array.isArray(topics) || topics.length > 4 || log['removed'] === true) throw new TypeError('this is no log');
  return {
    block: whole(log['blockNumber']),
    blockHash: hex(log['blockHash'], 32),
    index: whole(log['logIndex']),
    transaction: hex(log['transactionHash'], 32),
    transactionIndex: whole(log['transactionIndex']),
    address: hex(log['address'], 20),
    topics: topics.map(topic => hex(topic, 32)),
    data: hex(log['data']),
  };
}
