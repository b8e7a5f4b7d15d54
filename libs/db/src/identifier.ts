/** Schema and role names go into statements unquoted, so only plain ones are let through. */
export function identifier(name: string): string {
  if (!/^[a-z][a-z0-9_]{0,55}$/.test(name)) throw new Error(`not a plain schema name: ${JSON.stringify(name)}`);
  return name;
}
