/** A Prisma connection string is a Postgres one with the schema in its query. */
export function address(text) {
  const url = new URL(text);
  const schema = url.searchParams.get('schema') ?? undefined;
  url.searchParams.delete('schema');
  return { url: url.href, schema, database: decodeURIComponent(url.pathname.slice(1)), host: url.host };
}

export function withDatabase(text, database) {
  const url = new URL(text);
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.href;
}
