import { messageSchemas, openApi, routes } from '@arena/contracts';

/** Everything that is committed and derived: path below the root → text. */
export function documents(version: string): Map<string, string> {
  const files = new Map<string, string>();
  files.set('docs/openapi.json', text(openApi(routes, { version })));
  for (const [name, schema] of Object.entries(messageSchemas())) files.set(`docs/schemas/${name}.json`, text(schema));
  return files;
}

const text = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
