// An upload from the first byte to the verdict: begin (or find what has landed), send the missing parts, complete, and
// wait until the server has read everything back.
import type { Client } from '../client.js';
import { ArenaError } from '../error.js';
import { delayMs, pause } from '../retry.js';
import type { Received, Sent } from '../types.js';
import { portableHash, type NewHash } from './hash.js';
import { partReader } from './part-reader.js';
import { putPart } from './put-part.js';
import type { ByteSource } from './source.js';

type Version = Received<'datasets.versions.get'>;
type Beginning = Sent<'datasets.versions.begin'>['body'];

export interface UploadProgress {
  dataset: string;
  /** Keep it: with it as `resume`, another process goes on where this one was stopped. */
  version: number;
  doing: 'sending' | 'verifying' | 'done';
  sent: number;
  total: number;
}

export interface UploadOptions {
  dataset: string;
  source: ByteSource;
  filename: string;
  format: Beginning['format'];
  /** The server chooses when left out. */
  partSize?: number;
  /** Parts under way at a time, and so in memory; 4 when left out. */
  concurrency?: number;
  /** The version that an earlier upload of the same bytes began. */
  resume?: number;
  onProgress?: (progress: UploadProgress) => void;
  newHash?: NewHash;
  fetch?: typeof fetch;
  signal?: AbortSignal;
}

interface Plan {
  version: number;
  state: Version['state'];
  partSize: number;
  landed: ReadonlySet<number>;
}

/** The version once it is ready; if it fails, or the upload cannot go on, an ArenaError. */
export async function uploadDataset(client: Client, options: UploadOptions): Promise<Version> {
  const { dataset, source, signal } = options;
  const plan = await (options.resume === undefined ? begin(client, options) : resume(client, options, options.resume));
  const { version } = plan;
  let sent = 0;
  const tell = (doing: UploadProgress['doing'], more = 0) =>
    options.onProgress?.({ dataset, version, doing, sent: (sent += more), total: source.size });

  tell('sending');
  const sha256 = await sendParts(client, options, plan, bytes => tell('sending', bytes));
  tell('verifying');
  const params = { dataset, version };
  if (plan.state === 'uploading') await client.call('datasets.versions.complete', { params, body: { sha256 }, signal });
  const ready = await untilReady(client, params, signal);
  if (ready.sha256 !== sha256) throw cannot(`Version ${version} is ready with other bytes than these`);
  tell('done');
  return ready;
}

async function begin(client: Client, { dataset, source, signal, ...options }: UploadOptions): Promise<Plan> {
  const { filename, format, partSize } = options;
  const body = { filename, format, size: source.size, ...(partSize === undefined ? {} : { partSize }) };
  const upload = await client.call('datasets.versions.begin', { params: { dataset }, body, signal });
  return { ...upload, landed: new Set() };
}

/** What of an earlier upload is there. One that was completed has no parts to list any more: all have landed. */
async function resume(client: Client, { dataset, source, signal }: UploadOptions, version: number): Promise<Plan> {
  const params = { dataset, version };
  const { state, size } = await client.call('datasets.versions.get', { params, signal });
  if (size !== source.size) throw cannot(`Version ${version} is of ${size} bytes, this file has ${source.size}`);
  if (state !== 'uploading') return { version, state, partSize: size, landed: new Set([1]) };
  const { partSize, landed } = await client.call('datasets.versions.parts.list', { params, signal });
  const sizeOf = (number: number) => Math.min(partSize, size - (number - 1) * partSize);
  const whole = landed.filter(part => part.size === sizeOf(part.number));
  return { version, state, partSize, landed: new Set(whole.map(({ number }) => number)) };
}

async function sendParts(
  client: Client,
  { source, dataset, concurrency = 4, newHash = portableHash, ...options }: UploadOptions,
  { version, partSize, landed }: Plan,
  onSent: (bytes: number) => void,
): Promise<string> {
  const failed = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, failed.signal]) : failed.signal;
  const target = { client, dataset, version, fetch: options.fetch ?? fetch, signal };
  const reader = partReader(source, { partSize, landed, hash: newHash(), onSkipped: onSent });
  const work = async () => {
    for (;;) {
      signal.throwIfAborted();
      const part = await reader.next();
      if (!part) return;
      await putPart(target, part);
      onSent(part.bytes.length);
    }
  };
  // The first failure stops the others, and nothing is still running when it is told.
  const stop = (error: unknown) => {
    if (!signal.aborted) failed.abort(error);
    throw signal.reason;
  };
  const ends = await Promise.allSettled(Array.from({ length: concurrency }, () => work().catch(stop)));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return reader.sha256();
}

async function untilReady(
  client: Client,
  params: { dataset: string; version: number },
  signal: AbortSignal | undefined,
): Promise<Version> {
  for (let asked = 0; ; asked++) {
    const version = await client.call('datasets.versions.get', { params, signal });
    if (version.state === 'ready') return version;
    if (version.state !== 'verifying')
      throw cannot(version.failure ?? `Version ${version.version} is ${version.state}`);
    await pause(Math.min(delayMs(asked), 2_000), signal);
  }
}

const cannot = (detail: string) => new ArenaError('client/upload', { title: 'The upload came to no good end', detail });
