/**
 * Statements that are run again and again are planned once per connection: planning costs more than running them.
 * Only the first so many texts get a name, so that texts built on the fly cannot fill the server's memory.
 */
const most = 256;
const names = new Map<string, string>();

/** A name for a text from its second use on, or undefined. */
export function statementName(text: string): string | undefined {
  const name = names.get(text);
  if (name === undefined && names.size < most) names.set(text, `arena_${names.size}`);
  return name;
}
