// docs/environment.md: every variable of every app, asked of the very schemas with which the apps read them.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';

interface Variable {
  description?: string | undefined;
  safeParse(value: unknown): { success: boolean; data?: unknown };
}

export async function environmentPage(root: string): Promise<string> {
  const file = join(root, 'docs', 'environment.md');
  const paths = readdirSync(join(root, 'apps')).map(app => ({ app, path: join(root, 'apps', app, 'src', 'env.ts') }));
  const sections = [];
  for (const { app, path } of paths.filter(({ path }) => existsSync(path))) {
    const { Env } = (await import(pathToFileURL(path).href)) as { Env: { shape: Record<string, Variable> } };
    const rows = Object.entries(Env.shape).map(([name, variable]) => row(name, variable));
    sections.push(`## ${app}\n`, '| variable | without it | what it is |', '| --- | --- | --- |', ...rows, '');
  }
  const page = [
    '# The environment of every app\n',
    'Written by `npm run generate` from the schemas that the apps parse their environment with. An empty variable counts',
    'as missing. A wrong or missing one stops the boot: every problem at once, exit code 1, and never a value in the text.\n',
    'The migrations of an app (`dist/migrate.js`) read `MIGRATE_DATABASE_URL` alone: the role that owns its schema.\n',
    ...sections,
  ];
  return format(page.join('\n'), { ...(await resolveConfig(file)), filepath: file });
}

function row(name: string, variable: Variable): string {
  const { success, data } = variable.safeParse(undefined);
  const otherwise = success ? shown(data) : '**refuses to start**';
  return `| \`${name}\` | ${otherwise} | ${(variable.description ?? '').replaceAll('|', '\\|')} |`;
}

function shown(value: unknown): string {
  if (value === undefined) return '–';
  const text = Array.isArray(value) ? value.join(',') : String(value);
  return text === '' ? 'empty' : `\`${text}\``;
}
