// Where a tensor's elements lie and how many there are, judged before a single one of them is read.
import { MAX_MODEL_BYTES } from '@arena/contracts';
import { shown, type Findings } from './error.js';
import { elementTypes, type ElementType } from './element-types.js';
import { MAX_RANK, type DataPiece, type Tensor } from './model.js';
import type { ModelFiles, Span } from './source.js';

export interface Layout {
  element: ElementType;
  dims: number[];
  elements: number;
  /** Of the elements in their raw form. */
  bytes: number;
  data:
    | { in: 'model' | 'external'; span: Span }
    | { in: 'pieces'; pieces: DataPiece[] }
    | { in: 'memory'; raw: Uint8Array };
}

const FLOAT_DATA = 4;
const DOUBLE_DATA = 10;

/** null, and the reasons among the findings, where the tensor is not one that can be read. */
export function layoutOf(tensor: Tensor, files: ModelFiles, where: string, findings: Findings): Layout | null {
  if (tensor.hasStrings || tensor.type === 8) return refuse('onnx/string-tensor', 'strings');
  const element = elementTypes[tensor.type];
  if (!element) return refuse('onnx/element-type', `element type ${tensor.type}`);
  const elements = countOf(tensor.dims, element.bytes);
  if (elements === null)
    return refuse('onnx/dims', `${tensor.dims.length} dimensions, first [${tensor.dims.slice(0, 8).join(', ')}]`);
  const bytes = elements * element.bytes;
  const shape = { element, dims: tensor.dims.map(Number), elements, bytes };
  if (tensor.held) return { ...shape, data: { in: 'memory', raw: tensor.held } };
  if (tensor.hasSegment) return refuse('onnx/tensor-data', 'segments are not supported');

  if (tensor.external) {
    if (tensor.raw || tensor.pieces.length > 0) return refuse('onnx/tensor-data', 'both external and inline data');
    const span = externalSpan(tensor, bytes, files);
    return typeof span === 'string' ? refuse('onnx/external-data', span) : { ...shape, data: { in: 'external', span } };
  }
  if (tensor.externalData.length > 0) return refuse('onnx/external-data', 'external data, but inline by its location');
  if (tensor.raw && tensor.pieces.some(piece => piece.length > 0))
    return refuse('onnx/tensor-data', 'both raw and typed data');
  if (tensor.raw) {
    if (tensor.raw.length !== bytes)
      return refuse('onnx/tensor-data', `${tensor.raw.length} bytes in place of ${bytes}`);
    return { ...shape, data: { in: 'model', span: tensor.raw } };
  }
  if (tensor.pieces.some(piece => piece.field !== element.field))
    return refuse('onnx/tensor-data', `data of another type than ${element.name}`);
  const given = tensor.pieces.reduce((sum, piece) => sum + piece.length, 0);
  // The elements of the other fields are varints of any length: they are counted when they are read.
  const fixed = element.field === FLOAT_DATA || element.field === DOUBLE_DATA;
  if (fixed ? given !== bytes : given < elements || given > elements * 10)
    return refuse('onnx/tensor-data', `${given} bytes of typed data for ${elements} elements`);
  return { ...shape, data: { in: 'pieces', pieces: tensor.pieces } };

  function refuse(code: Parameters<Findings['add']>[0], detail: string): null {
    findings.add(code, where, detail);
    return null;
  }
}

function countOf(dims: readonly bigint[], width: number): number | null {
  if (dims.length > MAX_RANK) return null;
  let count = 1n;
  for (const dim of dims) {
    if (dim < 0n || dim > MAX_MODEL_BYTES) return null;
    // Zero does not make up for the others: what counts is that no product on the way overflows.
    if (dim > 0n) count *= dim;
    if (count * BigInt(width) > MAX_MODEL_BYTES) return null;
  }
  return dims.includes(0n) ? 0 : Number(count);
}

function externalSpan(tensor: Tensor, bytes: number, { external }: ModelFiles): Span | string {
  const entries = new Map(tensor.externalData.map(({ key, value }) => [key, value]));
  if (entries.size < tensor.externalData.length) return 'an entry is given twice';
  const location = entries.get('location') ?? '';
  if (!/^[^/\\:\0]+$/.test(location) || location === '.' || location === '..')
    return `the location "${shown(location)}" is not a plain file name`;
  if (!external) return `the file "${shown(location)}" did not come with the model`;
  if (external.name !== undefined && external.name !== location)
    return `the location "${shown(location)}" is not the file that came with the model`;
  const offset = decimal(entries.get('offset') ?? '0');
  const length = decimal(entries.get('length') ?? String(bytes));
  if (offset === null || length === null) return 'offset or length is not a number';
  if (length !== bytes) return `${length} bytes in place of ${bytes}`;
  if (offset + length > external.source.size) return `it ends at ${offset + length}, behind the end of the file`;
  return { offset, length };
}

const decimal = (text: string): number | null => (/^\d{1,15}$/.test(text) ? Number(text) : null);

/** The location that all external tensors must share. */
export const locationOf = (tensor: Tensor): string | undefined =>
  tensor.external ? tensor.externalData.find(entry => entry.key === 'location')?.value : undefined;
