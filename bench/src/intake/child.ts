// Reads a model as submission-service does: by its compiled child, with the same flags, without environment.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const program = fileURLToPath(new URL('../../../apps/submission-service/dist/intake-child.js', import.meta.url));

const Sound = z.object({ is: z.literal('sound'), memory: z.number(), padded: z.object({ size: z.number() }) });

const signature = [{ type: 'float32', shape: ['batch', 4096] }];
const rules = {
  opset: { min: 7, max: 64 },
  operators: ['MatMul'],
  maxBytes: 2 ** 31 - 1,
  maxParameters: 1e12,
  maxStaticTensorBytes: 2 ** 31 - 1,
  maxNodes: 20_000,
  maxSubgraphDepth: 4,
  inputs: signature,
  outputs: signature,
};

/** Inspected, written in its padded canonical form, and fingerprinted; its start counts. */
export async function readByChild(model: string): Promise<{ seconds: number; peakBytes: number }> {
  if (!existsSync(program)) throw new Error('submission-service is not built: run "npm run build"');
  const out = `${model}.blind`;
  const start = performance.now();
  const child = spawn(process.execPath, ['--max-old-space-size=384', program], {
    env: {},
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.write(`${JSON.stringify({ model, data: null, rules, out })}\n`);
  let said = '';
  for await (const chunk of child.stdout) said += String(chunk);
  const seconds = (performance.now() - start) / 1_000;
  await rm(out, { force: true });
  const { memory } = Sound.parse(JSON.parse(said.trim().split('\n').at(-1) ?? ''));
  return { seconds, peakBytes: memory };
}
