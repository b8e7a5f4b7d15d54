#!/usr/bin/env node
/**
 * Prisma's schema engine without its download: the same command line and the same JSON-RPC as the native program,
 * answered by the WebAssembly build from npm over our own connections. For authors of migrations; see README.md.
 */
import { readArguments } from './engine/arguments.mjs';
import { databaseCommand } from './engine/database-command.mjs';
import { engineVersion } from './engine/migration-engine.mjs';
import { serve } from './engine/rpc.mjs';

const options = readArguments(process.argv.slice(2));

if (options.version) process.stdout.write(`schema-engine-wasm ${engineVersion()}\n`);
else if (options.command) process.exitCode = await databaseCommand(options.command, options.datasource.url);
else await serve(options);
