import { readFileSync } from 'node:fs';

/**
 * The part of the native program's command line that matters here. Flags that we do not know take a value,
 * as all of the native ones do.
 */
export function readArguments(words) {
  const options = { datamodels: [], datasource: {}, command: undefined, version: false };
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === '--version') options.version = true;
    else if (word === '--datamodels') options.datamodels.push(readDatamodel(words[++i]));
    else if (word === '--datasource') options.datasource = JSON.parse(words[++i]);
    else if (word === 'cli') options.command = words[++i];
    else if (word.startsWith('--')) i++;
  }
  return options;
}

const readDatamodel = path => [path, readFileSync(path, 'utf8')];
