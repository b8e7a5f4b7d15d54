import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostileRules as rules, type Hostile } from './fixture/hostile-file.js';
import { hostileFiles } from './fixture/hostile.js';
import { gather } from './fixture/canonical.js';
import { encode } from './fixture/proto.js';
import { tinyModel } from './fixture/parts.js';
import { bytesSource, canonicalise, inspect, reasonCodes, type ModelFiles } from './index.js';

const filesOf = ({ model, external }: Pick<Hostile, 'model' | 'external'>): ModelFiles => ({
  model: bytesSource(model),
  ...(external
    ? { external: { source: bytesSource(external.bytes), ...(external.name ? { name: external.name } : {}) } }
    : {}),
});

describe('inspect', () => {
  it('takes the model that the hostile ones are made of', async () => {
    expect((await inspect({ model: bytesSource(encode(tinyModel())) }, rules)).reasons).toEqual([]);
  });

  it.each(hostileFiles)('refuses $name', { timeout: 30_000 }, async hostile => {
    const start = performance.now();
    const { ok, reasons } = await inspect(filesOf(hostile), rules);
    expect(ok).toBe(false);
    expect(new Set(reasons.map(({ code }) => code)), JSON.stringify(reasons)).toEqual(new Set(hostile.codes));
    for (const { detail, where } of reasons) expect(detail.length + where.length).toBeLessThan(300);
    expect(performance.now() - start).toBeLessThan(15_000);
  });

  it('has more than sixty hostile files, each with another name', () => {
    expect(new Set(hostileFiles.map(({ name }) => name)).size).toBe(hostileFiles.length);
    expect(hostileFiles.length).toBeGreaterThan(60);
  });

  it('documents each reason, and has a file for each', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const rows = [...readme.matchAll(/^\| `(onnx\/[a-z0-9-]+)` +\| (.*?) +\|$/gm)].map(([, code, means]) => [
      code,
      means,
    ]);
    expect(Object.fromEntries(rows)).toEqual(reasonCodes);
    expect(new Set(hostileFiles.flatMap(({ codes }) => codes))).toEqual(new Set(Object.keys(reasonCodes)));
  });

  it('refuses a model that was cut off anywhere', async () => {
    const model = encode(tinyModel());
    for (let length = 0; length < model.length; length += 1) {
      const { ok, reasons } = await inspect({ model: bytesSource(model.subarray(0, length)) }, rules);
      expect(ok, `${length} bytes`).toBe(false);
      for (const { code } of reasons) expect(reasonCodes).toHaveProperty(code);
    }
  });

  it('says everything at once', async () => {
    const model = tinyModel();
    model.irVersion = 99;
    model.opsetImport![0]!.version = 3;
    model.graph!.node![1]!.opType = 'Tanh';
    model.graph!.output = [];
    const { reasons } = await inspect({ model: bytesSource(encode(model)) }, { ...rules, maxParameters: 1 });
    expect(reasons.map(({ code }) => code)).toEqual([
      'onnx/ir-version',
      'onnx/no-graph',
      'onnx/opset',
      'onnx/operator',
      'onnx/parameters',
      'onnx/outputs',
    ]);
  });

  it('shows no bytes of the file but a short name of harmless characters', async () => {
    const model = tinyModel();
    model.graph!.node![1]!.opType = `<script>\u202e${'x'.repeat(500)}`;
    const { reasons } = await inspect({ model: bytesSource(encode(model)) }, rules);
    expect(reasons[0]?.detail).toBe(`?script??${'x'.repeat(31)}… (1 times)`);
  });

  it('ends with reasons or a model, whatever bytes are flipped, put in or taken out', { timeout: 60_000 }, async () => {
    const sound = encode(tinyModel());
    const edit = fc.record({
      at: fc.nat(sound.length - 1),
      drop: fc.nat(3),
      put: fc.uint8Array({ maxLength: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async edits => {
        let model: Uint8Array = sound;
        for (const { at, drop, put } of edits)
          model = new Uint8Array(Buffer.concat([model.subarray(0, at), put, model.subarray(at + drop)]));
        const start = performance.now();
        const files = { model: bytesSource(model) };
        const inspection = await inspect(files, rules);
        expect(inspection.ok).toBe(inspection.reasons.length === 0);
        for (const { code } of inspection.reasons) expect(reasonCodes).toHaveProperty(code);
        if (inspection.ok) {
          const canonical = await gather(canonicalise(files, inspection.model));
          expect(canonical.length).toBe(inspection.model.size);
          expect((await inspect({ model: bytesSource(canonical) }, rules)).reasons).toEqual([]);
        }
        expect(performance.now() - start).toBeLessThan(5_000);
      }),
      { numRuns: 2_000 },
    );
  });
});
