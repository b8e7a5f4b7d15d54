import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { page } from './page.js';

type Send = (response: ServerResponse) => void;

const answer =
  (status: number, type: string, body: string | Buffer, headers: Record<string, string> = {}): Send =>
  response => {
    const length = Buffer.byteLength(body);
    response.writeHead(status, {
      'content-type': type,
      'content-length': length,
      'cache-control': 'no-cache',
      ...headers,
    });
    response.end(body);
  };

/** What the origin itself answers: its health, and the API's documentation; nothing for every other path. */
export function documentation(openApiFile: string): (path: string) => Promise<Send> | undefined {
  const document = async () =>
    readFile(openApiFile).then(
      body => answer(200, 'application/json', body),
      () => answer(404, 'text/plain', 'docs/openapi.json is not there\n'),
    );
  const csp = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'";
  const pages: Record<string, () => Promise<Send>> = {
    '/': async () => answer(302, 'text/plain', '/docs\n', { location: '/docs' }),
    '/healthz': async () => answer(200, 'application/json', '{"status":"ok"}'),
    '/v1/openapi.json': document,
    '/docs': async () => answer(200, 'text/html; charset=utf-8', page, { 'content-security-policy': csp }),
  };
  return path => (Object.hasOwn(pages, path) ? pages[path]?.() : undefined);
}
