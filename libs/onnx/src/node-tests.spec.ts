// The models that ONNX tests its own operators with, where Debian's libonnx-testdata is installed: each that stays
// within the rules must put out the same in its canonical form.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { elementTypes } from './element-types.js';
import { canonicalOf, gather, inspectLoosely } from './fixture/canonical.js';
import { withEveryDefault } from './fixture/habits.js';
import { opsetOf, raised } from './fixture/opsets.js';
import { decode, decodeTensor, encode } from './fixture/proto.js';
import { sameValues, startRuntime, type Value } from './fixture/runtime.js';
import { bytesSource, canonicalise, type ReasonCode } from './index.js';

const folder = process.env['ONNX_NODE_TESTS'] ?? '/usr/share/libonnx-testdata/data/node';

/** The last one that ONNX Runtime runs without being told to take what is not released. */
const LAST_OPSET = 26;

/** What some of the tests are about, and tasks do not allow. */
const outside: ReasonCode[] = [
  'onnx/value-type', 'onnx/random-operator', 'onnx/opset', 'onnx/opset-import', 'onnx/inputs', 'onnx/outputs', 'onnx/attribute',
]; // prettier-ignore

const views: Record<string, new (buffer: ArrayBuffer) => ArrayBufferView> = {
  float32: Float32Array,
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
  float16: Uint16Array,
  float64: Float64Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
};

function inputsOf(test: string): Value[] | null {
  const inputs: Value[] = [];
  for (let index = 0; ; index += 1) {
    const file = path.join(folder, test, 'test_data_set_0', `input_${index}.pb`);
    if (!existsSync(file)) return inputs;
    const { dims = [], dataType = 0, rawData = new Uint8Array() } = decodeTensor(readFileSync(file));
    const type = elementTypes[dataType]?.name ?? '';
    const View = views[type];
    if (!View) return null;
    inputs.push({ type, dims: dims.map(Number), data: new View(new Uint8Array(rawData).buffer) });
  }
}

describe.skipIf(!existsSync(folder))('the node tests of ONNX', () => {
  const runtime = startRuntime();
  afterAll(() => runtime.stop());

  it('put out the same in their canonical form, bit for bit', { timeout: 300_000 }, async () => {
    let compared = 0;
    let lowered = 0;
    let written = 0;
    for (const test of readdirSync(folder)) {
      const file = path.join(folder, test, 'model.onnx');
      if (!existsSync(file)) continue;
      // They declare the opset in which their operator came in; later ones are what gets lowered.
      const model = raised(new Uint8Array(readFileSync(file)), LAST_OPSET);
      const files = { model: bytesSource(model) };
      const inspection = await inspectLoosely(files);
      if (!inspection.ok) {
        for (const { code } of inspection.reasons) expect(outside, test).toContain(code);
        continue;
      }
      const inputs = inputsOf(test);
      const before = inputs && (await runtime.run(model, inputs));
      if (!before?.outputs) continue;
      const canonical = await gather(canonicalise(files, inspection.model));
      const after = await runtime.run(canonical, inputs ?? []);
      expect(after.error, test).toBeUndefined();
      expect(sameValues(before.outputs, after.outputs ?? []), test).toBe(true);
      compared += 1;
      if (opsetOf(decode(canonical)) < opsetOf(decode(model))) lowered += 1;
      // The same with every default written down: what ONNX Runtime makes of it proves our table of them.
      const told = encode(withEveryDefault(decode(model)));
      if (told.length === model.length) continue;
      const same = await runtime.run(told, inputs ?? []);
      expect(same.error, test).toBeUndefined();
      expect(sameValues(before.outputs, same.outputs ?? []), test).toBe(true);
      expect(Buffer.from(await canonicalOf(told)).equals(canonical), test).toBe(true);
      written += 1;
    }
    expect(compared).toBeGreaterThan(800);
    expect(lowered).toBeGreaterThan(600);
    expect(written).toBeGreaterThan(250);
  });
});
