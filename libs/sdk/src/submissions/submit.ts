// From a model in a trainer's hands to the verdict of intake: whatever breaks on the way is tried again, and a process
// that was killed is followed by one that sends the rest.
import { SMALL_MODEL_BYTES } from '@arena/contracts';
import type { Client } from '../client.js';
import { ArenaError } from '../error.js';
import { hashSource } from '../uploads/hash-source.js';
import { wholeParts } from '../uploads/landed.js';
import { sendParts } from '../uploads/send-parts.js';
import { bytesSource } from '../uploads/source.js';
import { landedOf, openUpload, type OpenFile } from './open-upload.js';
import { filesOf, sizeOf, type GivenFile, type Submission, type SubmitOptions } from './options.js';
import { progressTeller, type Teller } from './progress.js';
import { verdictOn } from './verdict.js';

type Sums = Map<GivenFile['file'], string>;

interface HandedIn {
  submission: string;
  sums: Sums;
  /** By another process, before this one looked. */
  earlier: boolean;
}

/** How often parts are sent again that the store has taken and lost. */
const ROUNDS = 3;

/**
 * The submission as it is when intake has judged it. `rejected` is an answer like `accepted`, with its reasons; an
 * ArenaError is thrown when no verdict comes about.
 */
export async function submitModel(client: Client, options: SubmitOptions): Promise<Submission> {
  const files = filesOf(options);
  const { tell, sent } = progressTeller(sizeOf(files), options.onProgress);
  tell({ doing: 'reading' });
  const small = options.source.size <= SMALL_MODEL_BYTES && !options.data && typeof options.resume !== 'string';
  const handed = await (small ? handInSmall : handInParts)(client, options, { tell, sent });
  const onSeen = ({ submission, waiting, step }: Submission) =>
    tell({ submission, doing: waiting ? 'waiting' : 'inspecting', step });
  const { signal } = options;
  tell({ submission: handed.submission, doing: 'inspecting' });
  const judged = await verdictOn(client, handed.submission, { onSeen, signal });
  assertSame(judged, handed);
  tell({ doing: 'done', step: null });
  return judged;
}

async function handInSmall(client: Client, options: SubmitOptions, { tell, sent }: Teller): Promise<HandedIn> {
  const { task, source, filename, supersedes, salt, newHash, signal } = options;
  const body = new Uint8Array(await source.read(0, source.size));
  const sha256 = await hashSource(bytesSource(body), { newHash });
  tell({ doing: 'sending' });
  const query = { task, filename, sha256, supersedes, salt };
  const { submission } = await client.call('submissions.small', { query, body, signal });
  sent(body.length);
  return { submission, sums: new Map([['model', sha256]]), earlier: false };
}

async function handInParts(client: Client, options: SubmitOptions, teller: Teller): Promise<HandedIn> {
  const { submission, files } = await openUpload(client, options);
  teller.tell({ submission });
  const handedIn = async (): Promise<HandedIn> => ({
    submission,
    sums: await hashFiles(options, teller),
    earlier: true,
  });
  if (!files) return handedIn();
  try {
    return { submission, sums: await sendAndComplete(client, { submission, files }, options, teller), earlier: false };
  } catch (error) {
    if (!(error instanceof ArenaError) || error.code !== 'submission/state') throw error;
    // Another process of ours may have completed the same upload meanwhile.
    const { state } = await client.call('submissions.get', { params: { submission }, signal: options.signal });
    if (state === 'uploading' || state === 'abandoned' || state === 'withdrawn') throw error;
    teller.tell({ doing: 'reading', sent: 0 });
    return handedIn();
  }
}

async function sendAndComplete(
  client: Client,
  { submission, files: first }: { submission: string; files: readonly OpenFile[] },
  options: SubmitOptions,
  teller: Teller,
): Promise<Sums> {
  const { signal, salt } = options;
  for (let files = first, round = 1; ; round++) {
    teller.tell({ doing: 'sending', sent: 0 });
    const sums = await sendFiles(client, submission, { files, options, teller });
    const body = { sha256: sums.get('model') ?? '', dataSha256: sums.get('data'), salt };
    try {
      await client.call('submissions.complete', { params: { submission }, body, signal });
      return sums;
    } catch (error) {
      if (!(error instanceof ArenaError) || error.code !== 'upload/parts' || round === ROUNDS) throw error;
    }
    files = await Promise.all(files.map(file => lookedUp(client, submission, file, signal)));
  }
}

async function lookedUp(client: Client, submission: string, file: OpenFile, signal: AbortSignal | undefined) {
  const listed = await landedOf(client, submission, file, signal);
  return { ...file, landed: wholeParts(listed, file.source.size) };
}

async function sendFiles(
  client: Client,
  submission: string,
  { files, options, teller }: { files: readonly OpenFile[]; options: SubmitOptions; teller: Teller },
): Promise<Sums> {
  const sums: Sums = new Map();
  for (const { file, source, partSize, landed } of files) {
    const mint = (numbers: number[], signal: AbortSignal) =>
      client.call('submissions.parts.urls', { params: { submission }, body: { file, numbers }, signal });
    sums.set(file, await sendParts({ source, partSize, landed, mint, onSent: teller.sent }, options));
  }
  return sums;
}

async function hashFiles(options: SubmitOptions, { sent }: Teller): Promise<Sums> {
  const { newHash, signal } = options;
  const sums: Sums = new Map();
  for (const { file, source } of filesOf(options))
    sums.set(file, await hashSource(source, { newHash, onRead: sent, signal }));
  return sums;
}

/** What the server read back are the bytes that lie here. When it found that out itself, its verdict says so. */
function assertSame({ state, files }: Submission, { sums, earlier, submission }: HandedIn): void {
  if (state === 'rejected' && !earlier) return;
  for (const { file, sha256 } of files)
    if (sha256 !== null && sha256 !== sums.get(file))
      throw new ArenaError('client/upload', {
        title: `Submission ${submission} is of another model`,
        detail: `its ${file} file hashes to ${sha256}, this one to ${sums.get(file)}`,
      });
}
