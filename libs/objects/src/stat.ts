import { ObjectsError } from './errors.js';
import type { Requests } from './requests.js';
import { elements, plainEtag, text } from './xml.js';

export interface Stat {
  readonly size: number;
  readonly etag: string;
  readonly contentType: string;
  readonly modified: Date;
}

export interface Listed {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly modified: Date;
}

export async function headOf(requests: Requests, bucket: string, key: string): Promise<Stat | undefined> {
  try {
    const { headers } = await requests.send({ operation: `head ${bucket}/${key}`, method: 'HEAD', bucket, key });
    return {
      size: Number(headers['content-length']),
      etag: plainEtag(headers.etag),
      contentType: headers['content-type'] ?? 'application/octet-stream',
      modified: new Date(headers['last-modified'] ?? 0),
    };
  } catch (error) {
    if (error instanceof ObjectsError && error.kind === 'missing') return undefined;
    throw error;
  }
}

/** In the order of the keys' UTF-8 bytes, page by page as it is read. */
export async function* listObjects(requests: Requests, bucket: string, prefix: string): AsyncGenerator<Listed> {
  for (let token: string | undefined; ;) {
    const query = {
      'list-type': '2',
      'encoding-type': 'url',
      prefix,
      ...(token !== undefined && { 'continuation-token': token }),
    };
    const xml = await requests.sendForText({ operation: `list ${bucket}/${prefix}`, method: 'GET', bucket, query });
    for (const object of elements(xml, 'Contents')) {
      yield {
        key: decodeURIComponent((text(object, 'Key') ?? '').replaceAll('+', ' ')),
        size: Number(text(object, 'Size')),
        etag: plainEtag(text(object, 'ETag')),
        modified: new Date(text(object, 'LastModified') ?? 0),
      };
    }
    token = text(xml, 'IsTruncated') === 'true' ? text(xml, 'NextContinuationToken') : undefined;
    if (token === undefined) return;
  }
}
