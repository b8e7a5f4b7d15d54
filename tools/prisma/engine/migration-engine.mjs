import { readFileSync } from 'node:fs';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import { address } from './address.mjs';
import { adapterFactory, shadowDatabase } from './shadow-database.mjs';

/** The package's own entry loads the file as a module import, which Node 20 cannot do; so it is instantiated here. */
function load() {
  const file = new URL('./schema_engine_bg.wasm', import.meta.resolve('@prisma/schema-engine-wasm'));
  const module = new WebAssembly.Module(readFileSync(file));
  const instance = new WebAssembly.Instance(module, { './schema_engine_bg.js': bindings });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
}

/** What the engine says before it dies of a bug of its own; without this place to say it, it says nothing useful. */
let panic;
globalThis.PRISMA_WASM_PANIC_REGISTRY = {
  set_message(message) {
    panic = message;
  },
};
export const panicMessage = () => panic;

load();

export const engineVersion = () => bindings.version();

/** An engine keeps state from call to call that spoils the next one, so each call has its own. */
export function newEngine({ datamodels, datasource }) {
  const { url, schema } = address(datasource.url);
  const factory = adapterFactory(url, schema);
  factory.connectToShadowDb = shadowDatabase(datasource);
  return bindings.SchemaEngine.new(
    { datamodels: datamodels.length > 0 ? datamodels : undefined },
    () => {},
    bindMigrationAwareSqlAdapterFactory(factory),
  );
}
