const LANES = 8;
const BLOCK = 128;

/** The sum of float32 numbers in the order in which numpy adds up a row: eight lanes, and halves above 128 elements. */
export function sumFloat32(numbers: Float32Array, start = 0, length = numbers.length): number {
  if (length > BLOCK) {
    const half = Math.floor(length / 2 / LANES) * LANES;
    return Math.fround(sumFloat32(numbers, start, half) + sumFloat32(numbers, start + half, length - half));
  }
  const inLanes = length - (length % LANES);
  let sum = inLanes > 0 ? sumLanes(numbers, start, inLanes) : 0;
  for (let at = start + inLanes; at < start + length; at += 1) sum = Math.fround(sum + (numbers[at] as number));
  return sum;
}

function sumLanes(numbers: Float32Array, start: number, length: number): number {
  const lanes = numbers.slice(start, start + LANES);
  for (let at = LANES; at < length; at += LANES)
    for (let lane = 0; lane < LANES; lane += 1)
      lanes[lane] = (lanes[lane] as number) + (numbers[start + at + lane] as number);
  const [a, b, c, d, e, f, g, h] = lanes as unknown as [number, number, number, number, number, number, number, number];
  const left = Math.fround(Math.fround(a + b) + Math.fround(c + d));
  return Math.fround(left + Math.fround(Math.fround(e + f) + Math.fround(g + h)));
}
