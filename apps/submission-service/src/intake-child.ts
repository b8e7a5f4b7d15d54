// The process in which a model is read: it may be killed at any time, and has nothing but paths and rules.
// One request comes as a line of JSON on standard input, which then stays open: when it ends, so does the process,
// for whoever wanted the answer is gone. Answers go out as lines of JSON; jobs/intake/child.ts reads them.
import { createHash, type Hash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { fingerprint, inspect, pad, type ModelFiles, type RunningHash } from '@arena/onnx';
import type { ChildRequest } from './jobs/intake/child.js';
import { openSink, openSource } from './jobs/intake/child-files.js';

/** Reading and writing go wrong for reasons that are nothing to do with the model; all else kills the process. */
const isOurs = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string';

const say = (message: object): Promise<void> =>
  new Promise(resolve => process.stdout.write(`${JSON.stringify(message)}\n`, () => resolve()));

/** Goes on after it has given its digest: the canonical form is hashed once, with and without its padding. */
class GoingOn implements RunningHash {
  readonly #hash = createHash('sha256');
  readonly update = (bytes: Uint8Array): Hash => this.#hash.update(bytes);
  readonly digest = (): Uint8Array => this.#hash.copy().digest();
}

async function work({ model, data, rules, out }: ChildRequest): Promise<void> {
  // From here on it is the model's doing if this process dies.
  await say({ is: 'step', step: 'inspecting' });
  const source = await openSource(model);
  const weights = data && (await openSource(data.path));
  const files: ModelFiles = {
    model: source,
    ...(data && weights && { external: { source: weights, name: data.name } }),
  };
  const inspection = await inspect(files, rules);
  const { report } = inspection;
  if (!inspection.ok) return say({ is: 'refused', report, reasons: inspection.reasons });
  await say({ is: 'step', step: 'canonicalising' });

  const padding = pad(inspection.model.size);
  const file = out === null ? null : await openSink(out, weights ? [source, weights] : [source]);
  const sink = (chunk: Uint8Array): Promise<void> | void => file?.write(chunk);
  const whole = new GoingOn();
  let isFirst = true;
  const newHash = (): RunningHash => {
    const hash = isFirst ? whole : createHash('sha256');
    isFirst = false;
    return hash;
  };
  const { sketch, ...print } = await fingerprint(files, inspection.model, { newHash, sink });
  if (Buffer.from(whole.digest()).toString('hex') !== print.sha256)
    throw new Error('the first hash is not that of the whole');
  for (const chunk of padding.chunks()) {
    whole.update(chunk);
    await sink(chunk);
  }
  await file?.close();
  const padded = { size: padding.size, sha256: Buffer.from(whole.digest()).toString('hex') };
  await say({
    is: 'sound',
    report,
    print: { ...print, sketch: Buffer.from(sketch).toString('base64') },
    padded: file && padded,
    memory: process.resourceUsage().maxRSS * 1024,
  });
}

const lines = createInterface({ input: process.stdin });
lines.once('close', () => process.exit(0));
lines.once('line', line => {
  void work(JSON.parse(line) as ChildRequest)
    .catch(async (error: unknown) => {
      if (!isOurs(error)) process.exit(1);
      await say({ is: 'failed', code: error.code ?? error.name });
    })
    .then(() => process.exit(0));
});
