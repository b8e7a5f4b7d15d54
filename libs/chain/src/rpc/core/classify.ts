// What a refusal means. Providers share neither codes nor words, so both are read; the table of the test holds what each
// of them has been heard to say.
import { type BlockRange, suggestedRange } from './suggested-range.js';

/**
 * What to do about it:
 * - `timeout`, `unreachable`, `bad-answer`: ask another provider
 * - `rate-limited`: ask another, and this one later
 * - `range-too-large`: ask for less
 * - `rpc-error`: the node has understood and said no; nobody else will say otherwise
 */
export type Fault = 'timeout' | 'unreachable' | 'rate-limited' | 'range-too-large' | 'bad-answer' | 'rpc-error';

export interface Refusal {
  method: string;
  /** Of the HTTP answer; 200 where the refusal came in a good one. */
  status: number;
  code?: number | undefined;
  message: string;
  /** What `eth_getLogs` asked for, where both ends were numbers. */
  asked?: BlockRange | undefined;
}

export interface Verdict {
  fault: Fault;
  suggested?: BlockRange | undefined;
}

const tooManyRequests =
  /rate.?limit|too many requests|request limit|requests? (?:count|rate)|compute units|throughput|capacity (?:limit|exceeded)|exceeded (?:its|the|your) (?:compute|quota|capacity)|quota|credits|concurrent requests|slow down/i;

const tooLarge = [
  /(?:block )?range (?:is )?(?:too (?:large|wide|big)|limit exceeded|greater than|exceeds?|larger than|over)/i,
  /(?:exceed(?:s|ed)?|over|than|maximum|max)\b.{0,24}\b(?:block )?range/i,
  /range \d+ (?:is bigger than|exceeds)/i,
  /ranges? over [\d,]+ blocks/i,
  /limited to .{0,24}(?:range|blocks)/i,
  /up to an? [\dk,]+ block range/i,
  /(?:more|greater) than [\d,]+ (?:blocks|results|logs)/i,
  /exceeds? (?:the )?max(?:imum)? (?:results|logs|block)/i,
  /too many (?:blocks|logs|results)/i,
  /(?:logs?|response) (?:response )?size (?:is )?(?:exceeded|too large|should not|exceeds)/i,
  /response (?:is )?too (?:large|big)/i,
  /query (?:timeout exceeded|timed out|execution timed out)|query must be smaller/i,
  /limit the query to at most [\d,]+ blocks/i,
  /(?:reduce|narrow|decrease|split|smaller).{0,40}\b(?:range|blocks)/i,
  /requested range exceeds|max range/i,
];

/** The node is one that cannot know, or does not want to: others may. */
const cannotKnow =
  /header not found|missing trie node|historical state|state .{0,40}not available|pruned|unknown block|method (?:not found|.{0,60}(?:does not exist|not (?:supported|available|allowed)))|no backend|upstream|not synced|syncing/i;

/** QuickNode's own code for it, and those that several use beside others' meanings. */
const RANGE_CODE = -32614;

export function classify({ method, status, code, message, asked }: Refusal): Verdict {
  const logs = method === 'eth_getLogs';
  if (logs && (code === RANGE_CODE || status === 413 || tooLarge.some(words => words.test(message)))) {
    return { fault: 'range-too-large', ...(asked && { suggested: suggestedRange(message, asked) }) };
  }
  if (status === 429 || code === 429 || code === -32007 || tooManyRequests.test(message)) {
    return { fault: 'rate-limited' };
  }
  // Infura and those who follow it: a limit of some sort; of logs, it is their number.
  if (code === -32005) return { fault: logs ? 'range-too-large' : 'rate-limited' };
  if (code === -32601 || cannotKnow.test(message)) return { fault: 'bad-answer' };
  if (status === 408 || status === 504 || /timed? ?out/i.test(message)) return { fault: 'timeout' };
  if (code === undefined) return { fault: status >= 500 ? 'unreachable' : 'bad-answer' };
  return { fault: 'rpc-error' };
}
