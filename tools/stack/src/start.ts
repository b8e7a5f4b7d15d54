import { isForPeople, readEnvironment } from './command/environment.js';
import { readCommandLine, USAGE } from './core/command-line.js';
import { machineSummary, summary } from './core/summary.js';
import { startStack, type Stack } from './stack.js';

const began = Date.now();
const say = (line: string) => process.stderr.write(`${line}\n`);

async function start(): Promise<void> {
  const { help, json, only, port } = readCommandLine(process.argv.slice(2));
  if (help) return void process.stdout.write(`${USAGE}\n`);
  const environment = readEnvironment(process.env);

  const begun: { stack?: Stack } = {};
  let stopping = false;
  const onSignal = () => {
    // The second time means now: what we started is ended by the leash once we are gone.
    if (stopping) process.exit(1);
    stopping = true;
    if (!begun.stack) process.exit(1);
    say('stopping (once more kills)');
    void begun.stack.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);

  const stack = await startStack({
    folder: environment.folder,
    port: port ?? environment.port,
    only,
    external: environment.external,
    env: environment.passedOn,
    report: line => say(`[${((Date.now() - began) / 1000).toFixed(1)} s] ${line}`),
  });
  begun.stack = stack;
  if (json) return void process.stdout.write(`${machineSummary(stack)}\n`);
  process.stdout.write(`\nready in ${((Date.now() - began) / 1000).toFixed(1)} s\n\n${summary(stack)}`);
}

try {
  await start();
} catch (error) {
  if (!isForPeople(error)) throw error;
  say(error.message);
  process.exit(1);
}
