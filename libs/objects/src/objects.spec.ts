import { describe, expect, it } from 'vitest';
import { contentDisposition } from './disposition.js';
import { ObjectsError, toObjectsError } from './errors.js';
import { openObjects } from './index.js';
import { assertDone } from './requests.js';
import { retrying } from './retry.js';
import { elements, text } from './xml.js';

describe('an error', () => {
  it.each([
    [{ code: 'NoSuchKey' }, 'missing'],
    [{ code: 'NotFound' }, 'missing'],
    [{ code: 'AccessDenied' }, 'denied'],
    [{ code: 'ECONNRESET' }, 'unavailable'],
    [{ code: 'SlowDown' }, 'unavailable'],
    [{ code: 'EntityTooSmall' }, 'invalid'],
    [new Error('Request failed after 0 retries: Error: Retryable HTTP status: 502'), 'unavailable'],
    [new TypeError('whatever'), 'invalid'],
    [undefined, 'invalid'],
  ] as const)('%o is of one kind', (error, kind) => {
    expect(toObjectsError(error, 'put a/b').kind).toBe(kind);
  });

  it('repeats nothing of what the store wrote', () => {
    const error = toObjectsError(
      Object.assign(new Error('AWS4…secret'), { code: 'SignatureDoesNotMatch', body: 'secret' }),
      'put a/b',
    );
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('secret');
    expect(error.message).toBe('put a/b: denied (SignatureDoesNotMatch)');
  });

  it('in the body of a 200 is an error', () => {
    expect(() => assertDone('x', '<Error><Code>SlowDown</Code></Error>', 'CopyObjectResult')).toThrow(
      'unavailable (SlowDown)',
    );
    expect(() => assertDone('x', '', 'CopyObjectResult')).toThrow('unavailable');
    expect(() =>
      assertDone('x', '<CopyObjectResult xmlns="a"><ETag/></CopyObjectResult>', 'CopyObjectResult'),
    ).not.toThrow();
  });
});

describe('a retry', () => {
  const failing = (error: ObjectsError) => {
    let attempts = 0;
    const attempt = async () => {
      attempts += 1;
      if (attempts < 3) throw error;
      return attempts;
    };
    return attempt;
  };

  it('is made for what may pass, and for nothing else', async () => {
    expect(await retrying('any', failing(new ObjectsError('unavailable', 'x', 'ECONNRESET')))).toBe(3);
    await expect(retrying('any', failing(new ObjectsError('denied', 'x', 'AccessDenied')))).rejects.toThrow('denied');
  });

  it('of what must not be done twice is made only where nothing was done', async () => {
    expect(await retrying('untouched', failing(new ObjectsError('unavailable', 'x', 'HTTP 503', true)))).toBe(3);
    const reset = retrying('untouched', failing(new ObjectsError('unavailable', 'x', 'ECONNRESET')));
    await expect(reset).rejects.toThrow('ECONNRESET');
  });
});

describe('an answer of the store', () => {
  it('is read as text, numbers and markup as they stand', () => {
    const xml =
      '<R xmlns="a"><Contents><Key>007</Key></Contents><Contents><Key>a&amp;b&#x1F3B2;&#60;</Key></Contents></R>';
    expect(elements(xml, 'Contents').map(each => text(each, 'Key'))).toEqual(['007', 'a&b🎲<']);
    expect(text(xml, 'Part')).toBeUndefined();
    expect(text('<PartNumber>1</PartNumber>', 'Part')).toBeUndefined();
  });
});

describe('a file name for a browser', () => {
  it('cannot break out of its header', () => {
    const header = contentDisposition('a"; filename=evil.exe\r\nset-cookie: x; \ud800 ü.onnx');
    expect(header).not.toMatch(/[\r\n]/);
    expect(header.match(/"/g)).toHaveLength(2);
    expect(header).toContain('%C3%BC.onnx');
  });
});

describe('an endpoint', () => {
  it('with a path is refused, because no signature would hold there', () => {
    const options = { region: 'us-east-1', accessKey: 'a', secretKey: 'b' };
    expect(() => openObjects({ ...options, endpoint: 'http://host/s3' })).toThrow('without a path');
    expect(() => openObjects({ ...options, endpoint: 'http://host', publicEndpoint: 'http://host/s3' })).toThrow(
      'without a path',
    );
  });
});
