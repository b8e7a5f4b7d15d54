import pg from 'pg';

/**
 * Introspection reads the catalogue, whose "char" and name[] the adapter refuses to map. They pass as text here, and
 * which columns were "char" is kept beside the rows, because the engine wants those as single characters.
 */
const CHAR = 18;
const readAs = new Map([
  [CHAR, 1042],
  [1002, 1009],
  [1003, 1009],
]);
for (const [from, to] of readAs) pg.types.setTypeParser(from, pg.types.getTypeParser(to));

const chars = new WeakMap();

/** The places of "char" columns among those of a result, given its rows. */
export const charColumns = rows => chars.get(rows) ?? [];

export class CatalogueClient extends pg.Client {
  /** A pool asks with a callback, a transaction with a promise. */
  query(...args) {
    const callback = args.at(-1);
    if (typeof callback !== 'function') return super.query(...args).then(renamed);
    return super.query(...args.slice(0, -1), (error, result) => callback(error, error ? result : renamed(result)));
  }
}

function renamed(result) {
  const fields = result?.fields ?? [];
  const places = fields.flatMap((field, place) => (field.dataTypeID === CHAR ? [place] : []));
  if (places.length > 0) chars.set(result.rows, places);
  for (const field of fields) field.dataTypeID = readAs.get(field.dataTypeID) ?? field.dataTypeID;
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
