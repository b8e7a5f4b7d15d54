import pg from 'pg';

/**
 * Introspection reads the catalogue, whose "char" and name arrays the adapter refuses to map.
 * They are text to anybody who reads them, so that is what this client calls them.
 */
const readAs = new Map([
  [18, 1042],
  [1002, 1009],
  [1003, 1009],
]);
for (const [from, to] of readAs) pg.types.setTypeParser(from, pg.types.getTypeParser(to));

export class CatalogueClient extends pg.Client {
  /** A pool asks with a callback, a transaction with a promise. */
  query(...args) {
    const callback = args.at(-1);
    if (typeof callback !== 'function') return super.query(...args).then(renamed);
    return super.query(...args.slice(0, -1), (error, result) => callback(error, error ? result : renamed(result)));
  }
}

function renamed(result) {
  for (const field of result?.fields ?? []) field.dataTypeID = readAs.get(field.dataTypeID) ?? field.dataTypeID;
  return result;
}

/** Runs statements on a connection of their own. */
export async function execute(url, ...statements) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let result;
    for (const statement of statements) result = await client.query(statement);
    return result;
  } finally {
    await client.end();
  }
}
