// Why data are refused, once. The code is the contract; the sentence may be reworded. Each code is one row of the
// README's table, and a test holds the two together.
export const dataErrorCodes = {
  'data/empty': 'The file is empty',
  'data/not-npz': 'The file is no zip archive',
  'data/zip-layout': 'The archive is not laid out as one zip writer does it in one go',
  'data/encrypted': 'A member of the archive is encrypted',
  'data/compression': 'A member is compressed in another way than by deflate',
  'data/overlap': 'Two members share bytes',
  'data/too-many-arrays': 'There are more arrays than any task needs',
  'data/zip-bomb': 'A member claims to grow by more than deflate can',
  'data/deflate': 'The compressed bytes are damaged',
  'data/member-size': 'A member is not as long as the archive says',
  'data/checksum': 'The bytes of a member do not have their checksum',
  'data/npy-header': 'The header of an array cannot be read',
  'data/npy-version': 'The version of the .npy format is unknown',
  'data/object-array': 'An array holds Python objects, which only unpickling could read',
  'data/safetensors-header': 'The header of the file cannot be read',
  'data/header-too-large': 'A header is longer than any needs to be',
  'data/offsets': 'The tensors do not fill the file one after another',
  'data/array-name': 'The name of an array is not made of letters, digits and underscores',
  'data/duplicate-array': 'Two arrays have the same name',
  'data/missing-array': 'An array that the kind needs is missing',
  'data/unknown-array': 'The kind has no use for an array',
  'data/element-type': 'The type of the elements is not one that models take',
  'data/bool': 'A bool is neither 0 nor 1',
  'data/shape': 'An array does not have the dimensions that it needs',
  'data/size': 'The bytes of an array do not fit its type and shape',
  'data/fortran-order': 'An array in Fortran order is too large to be turned round',
  'data/row-too-large': 'One row takes more memory than a reader gives it',
  'data/too-large': 'More must be kept in memory than a metric may',
  'data/rows': 'Arrays that belong together have different numbers of rows',
  'data/no-rows': 'There are no rows',
  'data/labels': 'A label does not mean anything',
  'data/signature': 'The data do not fit what the task says of its models',
  'data/reads-ahead': 'Models that are free in their architecture could read the targets among their inputs',
  'data/undefined-metric': 'The metric has no value on these data',
} as const satisfies Record<string, string>;

export type DataErrorCode = keyof typeof dataErrorCodes;

/** The data are at fault, never the model. A source's own errors pass through as they are. */
export class DataError extends Error {
  override readonly name = 'DataError';

  constructor(
    readonly code: DataErrorCode,
    readonly detail: string,
  ) {
    super(`${dataErrorCodes[code]}: ${detail}`);
  }
}

/** A name from the file as it may be shown: short, and of harmless characters only. */
export function shown(name: string): string {
  const harmless = name.slice(0, 40).replace(/[^A-Za-z0-9_.:/-]/g, '?');
  return name.length > 40 ? `${harmless}...` : harmless;
}
