// The upload that the bytes go to: a new one, or what another process has left.
import type { Client } from '../client.js';
import { ArenaError } from '../error.js';
import { assertNoneStrange, strangeTo, wholeParts, type Landed } from '../uploads/landed.js';
import { filesOf, type GivenFile, type Submission, type SubmitOptions } from './options.js';

export interface OpenFile extends GivenFile {
  partSize: number;
  landed: ReadonlySet<number>;
}

export interface OpenUpload {
  submission: string;
  /** Undefined when it was completed before: nothing is left to be sent. */
  files: OpenFile[] | undefined;
}

export async function openUpload(client: Client, options: SubmitOptions): Promise<OpenUpload> {
  if (typeof options.resume === 'string') return resume(client, options, options.resume);
  return (options.resume === undefined ? await findOwn(client, options) : undefined) ?? begin(client, options);
}

export const landedOf = (
  client: Client,
  submission: string,
  { file }: GivenFile,
  signal: AbortSignal | undefined,
): Promise<Landed> => client.call('submissions.parts.list', { params: { submission }, query: { file }, signal });

async function begin(client: Client, options: SubmitOptions): Promise<OpenUpload> {
  const { task, source, filename, data, partSize, supersedes, signal } = options;
  const { submission, upload } = await client.call('submissions.begin', {
    body: {
      task,
      filename,
      size: source.size,
      ...(data && { data: { filename: data.filename, size: data.source.size } }),
      ...(partSize !== undefined && { partSize }),
      ...(supersedes !== undefined && { supersedes }),
    },
    signal,
  });
  const files = filesOf(options).map(given => {
    const cut = upload[given.file];
    if (!cut) throw new TypeError(`The server has opened no upload of the ${given.file} file`);
    return { ...given, partSize: cut.partSize, landed: new Set<number>() };
  });
  return { submission, files };
}

async function resume(client: Client, options: SubmitOptions, submission: string): Promise<OpenUpload> {
  const { signal, task } = options;
  const found = await client.call('submissions.get', { params: { submission }, signal });
  if (found.task !== task) throw cannot(`It is a submission to task ${found.task}`);
  const given = filesOf(options);
  const fault = differs(found, given);
  if (fault !== undefined) throw cannot(fault);
  if (found.state === 'abandoned' || found.state === 'withdrawn') throw cannot(`It is ${found.state}: begin a new one`);
  if (found.state !== 'uploading') return { submission, files: undefined };
  const files: OpenFile[] = [];
  for (const one of given) {
    const listed = await landedOf(client, submission, one, signal);
    await assertNoneStrange(one.source, listed, options);
    files.push({ ...one, partSize: listed.partSize, landed: wholeParts(listed, one.source.size) });
  }
  return { submission, files };
}

const cannot = (detail: string) =>
  new ArenaError('client/upload', { title: 'This submission cannot be resumed with this model', detail });

function differs(found: Submission, given: readonly GivenFile[]): string | undefined {
  if (found.files.length !== given.length) return `It is of ${found.files.length} files, this model of ${given.length}`;
  for (const { file, source } of given) {
    const size = found.files.find(one => one.file === file)?.size;
    if (size !== source.size) return `Its ${file} file is of ${size} bytes, this one has ${source.size}`;
  }
  return undefined;
}

/**
 * An upload of one's own that was broken off. Only one of which something has landed, and nothing that is not of this
 * model: an upload that another process of ours is just beginning may be of another model of the same name and size.
 */
async function findOwn(client: Client, options: SubmitOptions): Promise<OpenUpload | undefined> {
  const { task, signal, supersedes = null } = options;
  const given = filesOf(options);
  const query = { task, state: 'uploading' } as const;
  for await (const found of client.paginate('submissions.list', { query, signal })) {
    const named = given.every(
      ({ file, filename }) => found.files.find(one => one.file === file)?.filename === filename,
    );
    if (!named || differs(found, given) !== undefined || found.supersedes !== supersedes) continue;
    const files = await goneOn(client, found.submission, given, options);
    if (files) return { submission: found.submission, files };
  }
  return undefined;
}

async function goneOn(client: Client, submission: string, given: readonly GivenFile[], options: SubmitOptions) {
  const files: OpenFile[] = [];
  try {
    for (const one of given) {
      const listed = await landedOf(client, submission, one, options.signal);
      if ((await strangeTo(one.source, listed, options)) !== undefined) return undefined;
      files.push({ ...one, partSize: listed.partSize, landed: wholeParts(listed, one.source.size) });
    }
  } catch (error) {
    // Its time is over, or somebody has just completed or withdrawn it.
    if (error instanceof ArenaError && error.code === 'submission/state') return undefined;
    throw error;
  }
  return files.some(({ landed }) => landed.size > 0) ? files : undefined;
}
