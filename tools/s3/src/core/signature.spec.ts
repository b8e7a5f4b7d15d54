// The examples of Amazon's own description of Signature Version 4 for S3.
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { authenticate } from './authenticate.js';
import { decodeChunks } from './chunked.js';
import { canonicalRequest, emptySha256, sha256, signingFor, signRequest } from './signature.js';

const accessKey = 'AKIAIOSFODNN7EXAMPLE';
const secretKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const time = '20130524T000000Z';
const at = new Date('2013-05-24T00:00:00Z');
const signing = signingFor(secretKey, time, '20130524', 'us-east-1');
const host = ['host', 'examplebucket.s3.amazonaws.com'] as const;

describe('the signature of a request', () => {
  it('is Amazon’s for GET with a range', () => {
    const headers = [
      host,
      ['range', 'bytes=0-9'],
      ['x-amz-content-sha256', emptySha256],
      ['x-amz-date', time],
    ] as const;
    const signature = signRequest(signing, {
      method: 'GET',
      path: '/test.txt',
      query: [],
      headers,
      payload: emptySha256,
    });
    expect(signature).toBe('f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41');
  });

  it('is Amazon’s for PUT of a key with a dollar in it', () => {
    const payload = sha256('Welcome to Amazon S3.');
    const headers = [
      ['date', 'Fri, 24 May 2013 00:00:00 GMT'],
      host,
      ['x-amz-content-sha256', payload],
      ['x-amz-date', time],
      ['x-amz-storage-class', 'REDUCED_REDUNDANCY'],
    ] as const;
    const signature = signRequest(signing, { method: 'PUT', path: '/test$file.text', query: [], headers, payload });
    expect(signature).toBe('98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd');
  });

  it.each([
    [
      'a parameter without a value',
      [['lifecycle', '']],
      'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    ],
    [
      'parameters in any order',
      [
        ['prefix', 'J'],
        ['max-keys', '2'],
      ],
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    ],
  ] as const)('is Amazon’s for %s', (_, query, expected) => {
    const headers = [host, ['x-amz-content-sha256', emptySha256], ['x-amz-date', time]] as const;
    expect(signRequest(signing, { method: 'GET', path: '/', query, headers, payload: emptySha256 })).toBe(expected);
  });

  it('covers a path that is encoded once and not normalised', () => {
    const request = { method: 'GET', path: '/b/../a b/ü', query: [], headers: [host], payload: 'UNSIGNED-PAYLOAD' };
    expect(canonicalRequest(request).split('\n')[1]).toBe('/b/../a%20b/%C3%BC');
  });
});

describe('a presigned URL', () => {
  const url = (signature: string) => ({
    method: 'GET',
    path: '/test.txt',
    bucket: 'examplebucket',
    key: 'test.txt',
    query: [
      ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
      ['X-Amz-Credential', `${accessKey}/20130524/us-east-1/s3/aws4_request`],
      ['X-Amz-Date', time],
      ['X-Amz-Expires', '86400'],
      ['X-Amz-SignedHeaders', 'host'],
      ['X-Amz-Signature', signature],
    ] as const,
    headers: new Map([host]),
  });
  const keys = [{ accessKey, secretKey, grants: '*' as const }];
  const signature = 'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404';

  it('is taken with Amazon’s signature, to its last second', () => {
    expect(authenticate(url(signature), keys, 'us-east-1', at).key.accessKey).toBe(accessKey);
    expect(() => authenticate(url(signature), keys, 'us-east-1', new Date(at.getTime() + 86_400_000))).not.toThrow();
    expect(() => authenticate(url(signature), keys, 'us-east-1', new Date(at.getTime() + 86_400_001))).toThrow(
      'expired',
    );
  });

  it('is refused with any other, and for another region', () => {
    expect(() => authenticate(url(signature.replace(/^a/, 'b')), keys, 'us-east-1', at)).toThrow('does not match');
    expect(() => authenticate(url(signature), keys, 'eu-west-1', at)).toThrow("expecting 'eu-west-1'");
  });
});

async function decode(body: Buffer, seed: string, trailer: boolean, pieces = 1000) {
  const trailers = new Map<string, string>();
  const cut = Array.from({ length: Math.ceil(body.length / pieces) }, (_, at_) =>
    body.subarray(at_ * pieces, (at_ + 1) * pieces),
  );
  const decoded: Buffer[] = [];
  const payload = { kind: 'chunked' as const, trailer, signed: { signing, seed } };
  for await (const chunk of decodeChunks(Readable.from(cut), payload, trailers)) decoded.push(chunk);
  return { body: Buffer.concat(decoded), trailers };
}

describe('an upload in signed chunks', () => {
  const seed = '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9';
  const chunks = [
    ['10000', 'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648', 65536],
    ['400', '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497', 1024],
    ['0', 'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9', 0],
  ] as const;
  const body = chunks
    .map(([size, signature, count]) => `${size};chunk-signature=${signature}\r\n${'a'.repeat(count)}\r\n`)
    .join('');

  it('is taken with Amazon’s signatures, however the network cuts it', async () => {
    for (const pieces of [1, 7, 65536, 100_000]) {
      const decoded = await decode(Buffer.from(body), seed, false, pieces);
      expect(decoded.body.equals(Buffer.alloc(66560, 'a'))).toBe(true);
    }
  });

  it.each([
    ['a changed byte', body.replace('\r\na', '\r\nb'), 'does not match'],
    ['a missing chunk', body.replace(/400;[^]*?\r\n0;/, '0;'), 'does not match'],
    ['an end that is missing', body.slice(0, body.indexOf('\r\n0;') + 2), 'ended before'],
    ['a header that is none', `zz\r\n${body}`, 'malformed'],
    ['a trailer that was not announced', `${body}x-amz-meta-a:b\r\n`, 'not announced'],
  ])('is refused with %s', async (_, changed, why) => {
    await expect(decode(Buffer.from(changed), seed, false)).rejects.toThrow(why);
  });

  it('with a checksum after it is taken with Amazon’s signatures, and no other', async () => {
    const first = '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e';
    const signatures = [
      'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2',
      '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7',
      '2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992',
    ];
    const data = ['10000', '400', '0'].map(
      (size, at_) => `${size};chunk-signature=${signatures[at_]}\r\n${'a'.repeat(parseInt(size, 16))}`,
    );
    const trailer =
      'x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n';
    const whole = `${data.join('\r\n')}${trailer}`;
    const decoded = await decode(Buffer.from(whole), first, true);
    expect(decoded.body).toHaveLength(66560);
    expect([...decoded.trailers]).toEqual([['x-amz-checksum-crc32c', 'sOO8/Q==']]);
    await expect(decode(Buffer.from(whole.replace('sOO8', 'sOO9')), first, true)).rejects.toThrow('does not match');
    await expect(decode(Buffer.from(whole.replace(/x-amz-trailer-signature.*\r\n/, '')), first, true)).rejects.toThrow(
      'does not match',
    );
  });
});
