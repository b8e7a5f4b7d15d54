import { S3Error } from './errors.js';
import { assertBucketName, assertKey } from './names.js';

/** A request as S3 sees it: path style, decoded once. */
export interface S3Request {
  readonly method: string;
  /** Decoded: what a signature covers. */
  readonly path: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: readonly (readonly [string, string])[];
  /** Lower-case names; values of a repeated header joined by commas. */
  readonly headers: ReadonlyMap<string, string>;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error('InvalidURI', "Couldn't parse the specified URI.");
  }
}

function splitTarget(target: string): [string, string] {
  const local = target.replace(/^https?:\/\/[^/?]*/i, '') || '/';
  if (!local.startsWith('/')) throw new S3Error('InvalidURI', "Couldn't parse the specified URI.");
  const mark = local.indexOf('?');
  return mark < 0 ? [local, ''] : [local.slice(0, mark), local.slice(mark + 1)];
}

function parseQuery(text: string): [string, string][] {
  const pairs = text.split('&').filter(pair => pair !== '');
  return pairs.map(pair => {
    const at = pair.indexOf('=');
    const [name, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    return [decode(name.replaceAll('+', ' ')), decode(value.replaceAll('+', ' '))];
  });
}

export function parseHeaders(raw: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] as string).toLowerCase();
    const value = raw[at + 1] as string;
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before},${value}`);
  }
  return headers;
}

export function parseRequest(method: string, target: string, rawHeaders: readonly string[]): S3Request {
  const [rawPath, rawQuery] = splitTarget(target);
  const path = decode(rawPath);
  const slash = path.indexOf('/', 1);
  const bucket = slash < 0 ? path.slice(1) : path.slice(1, slash);
  const key = slash < 0 ? '' : path.slice(slash + 1);
  if (bucket !== '') assertBucketName(bucket);
  if (bucket === '' && key !== '') throw new S3Error('InvalidURI', "Couldn't parse the specified URI.");
  assertKey(key);
  return { method, path, bucket, key, query: parseQuery(rawQuery), headers: parseHeaders(rawHeaders) };
}

export const queryOf = (request: S3Request, name: string) => request.query.find(([each]) => each === name)?.[1];
