import { compareUtf8 } from '../core/order.js';
import type { Upload } from '../store/records.js';
import type { Exchange } from './exchange.js';
import { pageSize, readEncoding } from './listing.js';

const compare = (a: Pick<Upload, 'key' | 'id'>, b: Pick<Upload, 'key' | 'id'>) =>
  compareUtf8(a.key, b.key) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** Uploads after the markers; without an upload id the marker stands for all uploads of its key. */
function rest(exchange: Exchange, keyMarker: string, idMarker: string, prefix: string): Upload[] {
  const isAfter = (upload: Upload) =>
    idMarker === '' ? compareUtf8(upload.key, keyMarker) > 0 : compare(upload, { key: keyMarker, id: idMarker }) > 0;
  return [...exchange.bucket.uploads.values()]
    .filter(upload => upload.key.startsWith(prefix) && (keyMarker === '' || isAfter(upload)))
    .sort(compare);
}

export function listUploads(exchange: Exchange): void {
  const encode = readEncoding(exchange);
  const prefix = exchange.query('prefix') ?? '';
  const delimiter = exchange.query('delimiter') ?? '';
  const keyMarker = exchange.query('key-marker') ?? '';
  const idMarker = exchange.query('upload-id-marker') ?? '';
  const max = pageSize(exchange, 'max-uploads');
  const groups = new Set<string>();
  const page: Upload[] = [];
  let last: Upload | undefined;
  let truncated = false;
  for (const upload of rest(exchange, keyMarker, idMarker, prefix)) {
    const cut = delimiter === '' ? -1 : upload.key.indexOf(delimiter, prefix.length);
    const group = cut < 0 ? undefined : upload.key.slice(0, cut + delimiter.length);
    const known = group !== undefined && (groups.has(group) || keyMarker.startsWith(group));
    if (!known) {
      if (page.length + groups.size >= max) {
        truncated = max > 0;
        break;
      }
      if (group === undefined) page.push(upload);
      else groups.add(group);
    }
    last = upload;
  }
  exchange.xml('ListMultipartUploadsResult', {
    Bucket: exchange.bucket.name,
    KeyMarker: encode(keyMarker),
    UploadIdMarker: idMarker,
    NextKeyMarker: truncated && last ? encode(last.key) : undefined,
    NextUploadIdMarker: truncated ? last?.id : undefined,
    Prefix: encode(prefix),
    Delimiter: delimiter === '' ? undefined : encode(delimiter),
    EncodingType: exchange.query('encoding-type'),
    MaxUploads: max,
    IsTruncated: truncated,
    Upload: page.map(({ key, id, initiated }) => ({
      Key: encode(key),
      UploadId: id,
      StorageClass: 'STANDARD',
      Initiated: initiated,
    })),
    CommonPrefixes: [...groups].map(group => ({ Prefix: encode(group) })),
  });
}
