import { createRequire } from 'node:module';

/** ONNX Runtime is loaded by the child alone, so its absence would show as a child that ends. */
export function isRuntimeInstalled(from: string = import.meta.url): boolean {
  try {
    createRequire(from).resolve('onnxruntime-node');
    return true;
  } catch {
    return false;
  }
}
