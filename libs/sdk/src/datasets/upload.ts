// An upload from the first byte to the verdict: begin (or find what has landed), send the missing parts, complete, and
// wait until the server has read everything back.
import type { Client } from '../client.js';
import { ArenaError } from '../error.js';
import { delayMs, pause } from '../retry.js';
import type { Received, Sent } from '../types.js';
import { hashSource } from '../uploads/hash-source.js';
import { assertNoneStrange, wholeParts } from '../uploads/landed.js';
import type { SendOptions } from '../uploads/options.js';
import { sendParts } from '../uploads/send-parts.js';
import type { ByteSource } from '../uploads/source.js';

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

export interface UploadOptions extends SendOptions {
  dataset: string;
  source: ByteSource;
  filename: string;
  format: Beginning['format'];
  /** The version that an earlier upload of the same bytes began. */
  resume?: number;
  onProgress?: (progress: UploadProgress) => void;
}

interface Plan {
  version: number;
  /** Undefined when it was completed before: nothing is left to be sent. */
  cut: { partSize: number; landed: ReadonlySet<number> } | undefined;
}

/** The version once it is ready; if it fails, or the upload cannot go on, an ArenaError. */
export async function uploadDataset(client: Client, options: UploadOptions): Promise<Version> {
  const { dataset, source, signal } = options;
  const plan = await (options.resume === undefined ? begin(client, options) : resume(client, options, options.resume));
  const { version, cut } = plan;
  const params = { dataset, version };
  let sent = 0;
  const tell = (doing: UploadProgress['doing'], more = 0) =>
    options.onProgress?.({ dataset, version, doing, sent: (sent += more), total: source.size });

  tell('sending');
  const mint = (numbers: number[], stopped: AbortSignal) =>
    client.call('datasets.versions.parts.urls', { params, body: { numbers }, signal: stopped });
  const onSent = (bytes: number) => tell('sending', bytes);
  const sha256 = await (cut
    ? sendParts({ source, ...cut, mint, onSent }, options)
    : hashSource(source, { newHash: options.newHash, onRead: onSent, signal }));
  tell('verifying');
  if (cut) await client.call('datasets.versions.complete', { params, body: { sha256 }, signal });
  const ready = await untilReady(client, params, signal);
  if (ready.sha256 !== sha256) throw cannot(`Version ${version} is ready with other bytes than these`);
  tell('done');
  return ready;
}

async function begin(client: Client, { dataset, source, signal, ...options }: UploadOptions): Promise<Plan> {
  const { filename, format, partSize } = options;
  const body = { filename, format, size: source.size, ...(partSize === undefined ? {} : { partSize }) };
  const begun = await client.call('datasets.versions.begin', { params: { dataset }, body, signal });
  return { version: begun.version, cut: { partSize: begun.partSize, landed: new Set() } };
}

/** What of an earlier upload is there; one that was completed has no parts to list any more. */
async function resume(client: Client, options: UploadOptions, version: number): Promise<Plan> {
  const { dataset, source, signal } = options;
  const params = { dataset, version };
  const { state, size } = await client.call('datasets.versions.get', { params, signal });
  if (size !== source.size) throw cannot(`Version ${version} is of ${size} bytes, this file has ${source.size}`);
  if (state !== 'uploading') return { version, cut: undefined };
  const listed = await client.call('datasets.versions.parts.list', { params, signal });
  await assertNoneStrange(source, listed, options);
  return { version, cut: { partSize: listed.partSize, landed: wholeParts(listed, size) } };
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
