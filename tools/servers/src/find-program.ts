import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** The first of these programs that the PATH has; an earlier name wins over an earlier folder. */
export async function findProgram(names: readonly string[], path = process.env['PATH']): Promise<string | undefined> {
  const folders = (path ?? '').split(delimiter).filter(Boolean);
  for (const file of names.flatMap(name => folders.map(folder => join(folder, name)))) {
    const found = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return file;
  }
  return undefined;
}
