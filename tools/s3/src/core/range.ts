import { S3Error } from './errors.js';

/** Both ends are included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** `undefined` means the whole object: no range, or one that HTTP says to ignore. */
export function parseRange(header: string | undefined, size: number): ByteRange | undefined {
  const found = header === undefined ? undefined : /^bytes=(\d{0,18})-(\d{0,18})$/.exec(header.trim());
  if (!found) return undefined;
  const [, from = '', to = ''] = found;
  if (from === '' && to === '') return undefined;
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (start >= size || end < start) {
    throw new S3Error('InvalidRange', 'The requested range is not satisfiable', {
      fields: { ActualObjectSize: size },
      headers: { 'content-range': `bytes */${size}` },
    });
  }
  return { start, end };
}

/** The range of a copied part must lie wholly within its source. */
export function parseCopyRange(header: string | undefined, size: number): ByteRange | undefined {
  if (header === undefined) return undefined;
  const found = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(header);
  const range = found ? { start: Number(found[1]), end: Number(found[2]) } : undefined;
  if (!range || range.end < range.start || range.end >= size) {
    throw new S3Error('InvalidArgument', 'The x-amz-copy-source-range value must be of the form bytes=first-last');
  }
  return range;
}
