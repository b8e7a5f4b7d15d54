const armed = parse(process.env['CRASH_AT']);
let passes = 0;

function parse(value: string | undefined): { name: string; pass: number } | undefined {
  if (value === undefined || value === '') return undefined;
  const [name = '', pass = '1'] = value.split(':');
  return { name, pass: Number(pass) };
}

/**
 * A named line between two durable steps. With `CRASH_AT=name:n` in the environment the process dies at its n-th
 * pass as by `kill -9`; otherwise nothing happens.
 */
export function crashPoint(name: string): void {
  if (armed?.name !== name) return;
  passes += 1;
  if (passes === armed.pass) process.kill(process.pid, 'SIGKILL');
}
