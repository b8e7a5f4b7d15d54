// Reads a model in a process of its own: one without environment, secrets or addresses, with a limit of memory and
// time, killed without a word. Whatever a file does to it, it does not do to us.
import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ModelReport, Rejection, Sha256 } from '@arena/contracts';
import type { Rules } from '@arena/onnx';
import { z } from 'zod';
import { childTimeoutMs, Print } from '../../core/intake.js';

const Message = z.discriminatedUnion('is', [
  z.object({ is: z.literal('step'), step: z.enum(['inspecting', 'canonicalising']) }),
  z.object({ is: z.literal('refused'), report: ModelReport.nullable(), reasons: z.array(Rejection).min(1).max(1_000) }),
  z.object({
    is: z.literal('sound'),
    report: ModelReport,
    print: Print,
    padded: z.object({ size: z.int(), sha256: Sha256 }).nullable(),
    memory: z.number(),
  }),
  /** Of the disk it works on. */
  z.object({ is: z.literal('failed'), code: z.string() }),
]);
type Message = z.output<typeof Message>;
export type Answer = Extract<Message, { is: 'refused' | 'sound' }>;

/** It died over the model, which counts against the model. One that never came to read it did not. */
export class ChildCrashed extends Error {
  override readonly name = 'ChildCrashed';
}

export interface ChildRequest {
  model: string;
  data: { path: string; name: string } | null;
  rules: Rules;
  out: string | null;
  /** Of the files together. */
  bytes: number;
}

export interface ChildLimits {
  memoryMb: number;
  timeoutMs?: (bytes: number) => number;
  /** Another file than the usual one. */
  program?: string;
}

interface Run {
  limits: ChildLimits;
  stopping: AbortSignal;
  onCanonicalising?: () => Promise<void> | void;
}

const OUTPUT_AT_MOST = 64 * 1024 * 1024;
const LOOK_EVERY_MS = 200;

const own = fileURLToPath(import.meta.url);
const usual = fileURLToPath(new URL(`../../intake-child${extname(own)}`, import.meta.url));
const fromSource = ['--import', 'tsx', '--conditions=@arena/source'];

export async function runChild(request: ChildRequest, { limits, stopping, onCanonicalising }: Run): Promise<Answer> {
  stopping.throwIfAborted();
  const { memoryMb, timeoutMs = childTimeoutMs, program = usual } = limits;
  // The heap alone: buffers lie outside of it, which is why the whole is looked at as well.
  const heap = `--max-old-space-size=${Math.floor(memoryMb / 2)}`;
  const child = spawn(process.execPath, [heap, ...(program.endsWith('.ts') ? fromSource : []), program], {
    cwd: dirname(program),
    env: {},
    // A group of its own, or Ctrl-C would look like a crash.
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let reason: string | undefined;
  const kill = (why: string) => {
    reason ??= why;
    child.kill('SIGKILL');
  };
  const stop = () => kill('stopped');
  stopping.addEventListener('abort', stop);
  const clock = setTimeout(() => kill('took too long'), timeoutMs(request.bytes));
  const scales = setInterval(() => void weigh(child, memoryMb).then(over => over && kill('took too much memory')), LOOK_EVERY_MS); // prettier-ignore
  try {
    const exited = new Promise<{ code: number | null; signal: string | null }>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve({ code, signal }));
    });
    child.stdin.on('error', () => undefined);
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const [{ began, answer }, { code, signal }] = await Promise.all([listen(child, onCanonicalising, kill), exited]);
    stopping.throwIfAborted();
    if (reason === undefined && code === 0 && answer) return answer;
    // Nobody but an operator sends these.
    if (reason === undefined && (signal === 'SIGTERM' || signal === 'SIGINT')) throw new Error(`ended by ${signal}`);
    const end = reason ?? (signal ? `killed by ${signal}` : `exited with ${code} and no answer`);
    throw began ? new ChildCrashed(end) : new Error(`the child did not come to read the model: ${end}`);
  } finally {
    clearTimeout(clock);
    clearInterval(scales);
    stopping.removeEventListener('abort', stop);
    child.kill('SIGKILL');
  }
}

/** What it says, line by line; more than could ever be true is not listened to. */
async function listen(
  child: ChildProcess,
  onCanonicalising: Run['onCanonicalising'],
  kill: (why: string) => void,
): Promise<{ began: boolean; answer: Answer | undefined }> {
  let began = false;
  let answer: Answer | undefined;
  let failure: Error | undefined;
  let size = 0;
  let held: Buffer[] = [];
  const hear = async (line: Buffer) => {
    const message = parsed(line);
    if (!message) kill('said what it should not');
    else if (message.is === 'step' && message.step === 'inspecting') began = true;
    else if (message.is === 'step') await onCanonicalising?.();
    else if (message.is === 'failed') failure = new Error(`the child could not go on: ${message.code}`);
    else answer = message;
  };
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > OUTPUT_AT_MOST) {
      kill('said too much');
      break;
    }
    let rest = chunk;
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      await hear(Buffer.concat([...held, rest.subarray(0, end)]));
      held = [];
      rest = rest.subarray(end + 1);
    }
    if (rest.length > 0) held.push(rest);
  }
  if (failure) throw failure;
  return { began, answer };
}

function parsed(line: Buffer): Message | undefined {
  try {
    return Message.parse(JSON.parse(line.toString('utf8')));
  } catch {
    return undefined;
  }
}

/** Whether it takes more than it may. Only Linux tells; elsewhere the limit of its heap must do. */
async function weigh({ pid }: ChildProcess, memoryMb: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, resident] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  return Number(resident ?? 0) > memoryMb * 1024;
}
