// People upload what they have. None of these files starts as a model can: with a field of ModelProto.
import { readExactly, type ByteSource } from '../source.js';

const kinds: readonly [start: readonly number[], kind: string][] = [
  [[0x50, 0x4b, 0x03, 0x04], 'a zip archive, such as PyTorch and Keras write: export the model to ONNX'],
  [[0x50, 0x4b, 0x05, 0x06], 'an empty zip archive'],
  [[0x80, 0x02], 'a Python pickle: export the model to ONNX'],
  [[0x80, 0x03], 'a Python pickle: export the model to ONNX'],
  [[0x80, 0x04], 'a Python pickle: export the model to ONNX'],
  [[0x80, 0x05], 'a Python pickle: export the model to ONNX'],
  [[0x89, 0x48, 0x44, 0x46], 'an HDF5 file: export the model to ONNX'],
  [[0x47, 0x47, 0x55, 0x46], 'a GGUF file: export the model to ONNX'],
  [[0x1f, 0x8b], 'a gzip file: upload what is in it'],
  [[0x7f, 0x45, 0x4c, 0x46], 'a program'],
  [[0x25, 0x50, 0x44, 0x46], 'a PDF document'],
  [[0x3c], 'a text, such as HTML'],
  [[0x7b], 'a text, such as JSON'],
];

const LONGEST = 4;

export async function foreignKind(source: ByteSource): Promise<string | null> {
  const start = await readExactly(source, 0, Math.min(LONGEST, source.size));
  return kinds.find(([bytes]) => bytes.every((byte, index) => start[index] === byte))?.[1] ?? null;
}
