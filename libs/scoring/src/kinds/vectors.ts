// Sums in a fixed order: four lanes, as long as there are four, so that the processor is kept busy.

export function dot(matrix: Float32Array, start: number, vector: Float32Array): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  const size = vector.length;
  let at = 0;
  for (; at + 4 <= size; at += 4) {
    a += (matrix[start + at] as number) * (vector[at] as number);
    b += (matrix[start + at + 1] as number) * (vector[at + 1] as number);
    c += (matrix[start + at + 2] as number) * (vector[at + 2] as number);
    d += (matrix[start + at + 3] as number) * (vector[at + 3] as number);
  }
  for (; at < size; at += 1) a += (matrix[start + at] as number) * (vector[at] as number);
  return a + b + (c + d);
}

export const lengthOf = (matrix: Float32Array, start: number, size: number): number =>
  Math.sqrt(dot(matrix, start, matrix.subarray(start, start + size)));
