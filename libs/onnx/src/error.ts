// Why a file is refused, once. The code is the contract; the sentence may be reworded. Each code is one row of the
// README's table, and a test holds the two together.
export const reasonCodes = {
  'onnx/empty': 'The file is empty',
  'onnx/not-onnx': 'The file is of another kind',
  'onnx/truncated': 'The file ends in the middle of a field',
  'onnx/length': 'A field is longer than the message that holds it',
  'onnx/varint': 'A number takes more than 64 bits',
  'onnx/wire-type': 'A field is encoded as another type than ONNX gives it',
  'onnx/unknown-field': 'A field is not part of ONNX',
  'onnx/utf8': 'A name is not UTF-8',
  'onnx/too-deep': 'Messages are nested deeper than any model needs',
  'onnx/too-much-structure': 'Names, nodes and attributes take more than the reader keeps',
  'onnx/too-large': 'The files are larger than the task allows',
  'onnx/no-graph': 'The model has no graph, or the graph no outputs',
  'onnx/ir-version': 'The IR version is missing or unknown',
  'onnx/opset': "The opset lies outside the task's range",
  'onnx/opset-import': 'A domain is used but not imported, or imported twice',
  'onnx/operator': "An operator is not on the task's list",
  'onnx/random-operator': 'Random operators are never allowed',
  'onnx/functions': 'Local functions are not allowed',
  'onnx/training-info': 'Training information is not allowed',
  'onnx/sparse': 'Sparse tensors are not allowed',
  'onnx/nodes': 'There are more nodes than the task allows',
  'onnx/parameters': 'There are more parameters than the task allows',
  'onnx/static-bytes': 'The static tensors take more bytes than the task allows',
  'onnx/subgraph-depth': 'Subgraphs are nested deeper than the task allows',
  'onnx/inputs': "The inputs do not match the task's signature",
  'onnx/outputs': "The outputs do not match the task's signature",
  'onnx/value-type': 'Inputs and outputs of graphs must be tensors',
  'onnx/duplicate-name': 'A name is defined twice',
  'onnx/undefined-value': 'A value is used but nothing defines it',
  'onnx/cycle': 'Nodes wait for one another',
  'onnx/attribute': 'An attribute has no single value of its type',
  'onnx/dims': 'A dimension is negative, or the dimensions overflow',
  'onnx/element-type': 'The element type is not allowed',
  'onnx/string-tensor': 'Tensors of strings are not allowed',
  'onnx/tensor-data': 'The data of a tensor do not fit its type and dimensions',
  'onnx/external-data': 'External data lie elsewhere than in the one file beside the model',
  'onnx/nan-weights': 'Weights are not numbers',
} as const satisfies Record<string, string>;

export type ReasonCode = keyof typeof reasonCodes;

export interface Reason {
  code: ReasonCode;
  /** A JSON pointer into the model as ONNX names its fields; empty where the bytes cannot be read at all. */
  where: string;
  detail: string;
}

/** The file cannot be read on. Nothing else is thrown about what a file holds; a source's own errors pass through. */
export class OnnxError extends Error {
  override readonly name = 'OnnxError';

  constructor(
    readonly code: ReasonCode,
    readonly where: string,
    readonly detail: string,
  ) {
    super(`${reasonCodes[code]}: ${detail}`);
  }
}

/** A name from the file as it may be shown: short, and of harmless characters only. */
export function shown(name: string): string {
  const harmless = name.slice(0, 40).replace(/[^A-Za-z0-9_.:/-]/g, '?');
  return name.length > 40 ? `${harmless}…` : harmless;
}

const SHOWN_PER_CODE = 10;

/** Collects every reason, but a hostile file gets no hostile answer: after ten of a kind they are only counted. */
export class Findings {
  readonly #byCode = new Map<ReasonCode, { shown: Reason[]; more: number }>();

  add(code: ReasonCode, where: string, detail: string): void {
    const found = this.#byCode.get(code) ?? { shown: [], more: 0 };
    this.#byCode.set(code, found);
    if (found.shown.length < SHOWN_PER_CODE) found.shown.push({ code, where, detail });
    else found.more += 1;
  }

  has(code: ReasonCode): boolean {
    return this.#byCode.has(code);
  }

  get reasons(): Reason[] {
    return [...this.#byCode].flatMap(([code, found]) =>
      found.more ? [...found.shown, { code, where: '', detail: `and ${found.more} more` }] : found.shown,
    );
  }
}
