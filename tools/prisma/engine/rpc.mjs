import { createInterface } from 'node:readline';
import { newEngine, panicMessage } from './migration-engine.mjs';

/** JSON-RPC, one message a line, answered in order until standard input ends. */
export async function serve(options) {
  process.on('uncaughtException', error => {
    process.stderr.write(`the schema engine failed: ${panicMessage() ?? error.stack}\n`);
    process.exit(101);
  });
  for await (const line of createInterface({ input: process.stdin })) {
    const request = parse(line);
    if (request?.method) write(await answer(options, request));
  }
  // The adapter's pools would keep the process alive.
  process.exit(0);
}

async function answer(options, { id, method, params }) {
  try {
    const result = await call(options, method, params);
    return { jsonrpc: '2.0', id, result: result ?? {} };
  } catch (error) {
    return { jsonrpc: '2.0', id, error: describe(error) };
  }
}

async function call(options, method, params) {
  if (method === 'createDatabase') return { databaseName: '' };
  const engine = await newEngine(options);
  if (method === 'getDatabaseVersion') return engine.version(params);
  if (typeof engine[method] !== 'function') throw new Error(`the schema engine has no method ${method}`);
  // These two find the shadow database only through what a diagnosis leaves in the engine.
  if (method === 'evaluateDataLoss' || method === 'createMigration') {
    await engine.devDiagnostic({ migrationsList: params.migrationsList, filters: params.filters });
  }
  const result = await engine[method](params);
  return method === 'diff' ? printed(result) : result;
}

/** The native engine prints a diff by calling its client back. */
function printed(result) {
  if (!result?.stdout) return result;
  write({ jsonrpc: '2.0', id: 900_000, method: 'print', params: { content: result.stdout } });
  return { ...result, stdout: null };
}

function describe(error) {
  const panic = panicMessage();
  return {
    code: 4466,
    message: 'An error happened. Check the data field for details.',
    data: {
      is_panic: panic !== undefined,
      message: panic ?? error.message ?? String(error),
      meta: error.meta ?? null,
      error_code: error.code,
    },
  };
}

function parse(line) {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

const write = message => process.stdout.write(`${JSON.stringify(message)}\n`);
