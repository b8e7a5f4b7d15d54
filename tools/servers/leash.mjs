// Ends what its parent started once the parent is gone, however it went: the pipe on stdin closes even after a SIGKILL.
// One line of JSON each: {"watch": pid, "signal": "SIGINT"} · {"forget": pid} · {"remove": folder} · {"keep": folder}
import { readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const GRACE_MS = 5_000;
const watched = new Map();
const folders = new Set();

const send = (pid, signal) => {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
};

/** An orphan that nobody has buried yet still takes signals: it does not count. */
const alive = pid => {
  if (!send(pid, 0)) return false;
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return true;
  }
};

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);

for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  if (order.watch) watched.set(order.watch, order.signal);
  if (order.forget) watched.delete(order.forget);
  if (order.remove) folders.add(order.remove);
  if (order.keep) folders.delete(order.keep);
}

for (const [pid, signal] of watched) send(pid, signal);
for (const deadline = Date.now() + GRACE_MS; Date.now() < deadline; await sleep(50)) {
  if (![...watched.keys()].some(alive)) break;
}
for (const pid of watched.keys()) send(pid, 'SIGKILL');
for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
