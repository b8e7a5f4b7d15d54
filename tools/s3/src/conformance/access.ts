import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { expectStatus, may, mib, must, startUpload, type Rule, type Target } from './rule.js';
import { signedChunks } from './signer.js';

const minutes = (count: number) => new Date(Date.now() + count * 60_000);
const signatureOf = (headers: Record<string, string>) =>
  /Signature=([0-9a-f]+)/.exec(headers.authorization ?? '')?.[1] ?? '';

interface Streamed {
  readonly chunks: readonly string[];
  readonly spoil?: (body: Buffer) => Buffer;
  readonly trailer?: { readonly name: string; readonly value: string };
}

async function stream({ raw, bucket }: Target, key: string, { chunks, spoil = body => body, trailer }: Streamed) {
  const at = new Date();
  const size = Buffer.byteLength(chunks.join(''));
  const payload = `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${trailer ? '-TRAILER' : ''}`;
  const announced = {
    'content-encoding': 'aws-chunked',
    'x-amz-decoded-content-length': String(size),
    ...(trailer && { 'x-amz-trailer': trailer.name }),
  };
  const { target, headers } = raw.sign('PUT', bucket, key, { payload, at, headers: announced });
  const buffers = chunks.map(chunk => Buffer.from(chunk));
  return raw.send(
    'PUT',
    target,
    headers,
    spoil(signedChunks(buffers, signatureOf(headers), at, raw.credentials, trailer)),
  );
}

const spoilStart = (body: Buffer) => Buffer.from(body.toString('latin1').replace('the start', 'the stars'), 'latin1');

const unsignedStream = ({ raw, bucket }: Target, key: string, sum: string) => {
  const headers = {
    'content-encoding': 'aws-chunked',
    'x-amz-decoded-content-length': '11',
    'x-amz-trailer': 'x-amz-checksum-crc32',
  };
  const body = `6\r\nhello \r\n5\r\nworld\r\n0\r\nx-amz-checksum-crc32:${sum}\r\n\r\n`;
  return raw.call('PUT', bucket, key, { payload: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', headers, body });
};

export const accessRules: readonly Rule[] = [
  must('refuses a caller without a signature', async ({ raw, bucket }) => {
    expectStatus(await raw.send('GET', `/${bucket}/x`), 403, 'AccessDenied');
    expectStatus(await raw.send('PUT', `/${bucket}/x`, {}, 'x'), 403, 'AccessDenied');
  }),
  must('refuses an unknown key and a wrong secret', async ({ raw, bucket }) => {
    expectStatus(await raw.as({ accessKey: 'nobody' }).call('GET', bucket, 'x'), 403, 'InvalidAccessKeyId');
    expectStatus(await raw.as({ secretKey: 'wrong' }).call('GET', bucket, 'x'), 403, 'SignatureDoesNotMatch');
  }),
  must('refuses a request that was changed after it was signed', async ({ raw, bucket }) => {
    const { target, headers } = raw.sign('PUT', bucket, 'a/changed', {
      body: 'mine',
      headers: { 'x-amz-meta-who': 'me' },
    });
    expectStatus(
      await raw.send('PUT', target.replace('changed', 'other'), headers, 'mine'),
      403,
      'SignatureDoesNotMatch',
    );
    const renamed = { ...headers, 'x-amz-meta-who': 'you' };
    expectStatus(await raw.send('PUT', target, renamed, 'mine'), 403, 'SignatureDoesNotMatch');
    expectStatus(await raw.send('DELETE', target, headers), 403, 'SignatureDoesNotMatch');
    expectStatus(await raw.call('GET', bucket, 'a/changed'), 404);
  }),
  must('refuses a body that is not the one signed', async ({ raw, bucket }) => {
    const { target, headers } = raw.sign('PUT', bucket, 'a/body', { body: 'mine' });
    expectStatus(await raw.send('PUT', target, headers, 'else'), 400, 'XAmzContentSHA256Mismatch');
    expectStatus(await raw.call('GET', bucket, 'a/body'), 404);
  }),
  must('refuses a clock that is 20 minutes off', async ({ raw, bucket }) => {
    expectStatus(await raw.call('GET', bucket, 'x', { at: minutes(-20) }), 403, 'RequestTimeTooSkewed');
    expectStatus(await raw.call('GET', bucket, 'x', { at: minutes(20) }), 403, 'RequestTimeTooSkewed');
    expectStatus(await raw.call('GET', bucket, 'x', { at: minutes(-10) }), 404);
  }),
  may('refuses an x-amz header that is not signed', async ({ raw, bucket }) => {
    const call = { body: 'x', unsigned: { 'x-amz-meta-smuggled': '1' } };
    expectStatus(await raw.call('PUT', bucket, 'a/smuggled', call), 403, 'AccessDenied');
  }),
  may('refuses a signature for another region', async ({ raw, bucket }) => {
    const answer = await raw.as({ region: 'eu-nowhere-9' }).call('GET', bucket, 'x');
    expectStatus(answer, 400, 'AuthorizationHeaderMalformed');
  }),
  must('takes an unsigned payload', async ({ raw, bucket }) => {
    expectStatus(await raw.call('PUT', bucket, 'a/unsigned', { body: 'hello', payload: 'UNSIGNED-PAYLOAD' }), 200);
    assert.equal((await raw.call('GET', bucket, 'a/unsigned')).text, 'hello');
  }),
  must('serves a presigned GET with the headers that it asks for', async ({ raw, bucket }) => {
    await raw.call('PUT', bucket, 'a/get', { body: 'hello world' });
    const disposition = 'attachment; filename="model ü.onnx"';
    const query = { 'response-content-disposition': disposition, 'response-content-type': 'application/x-model' };
    const read = await raw.send('GET', raw.presign('GET', bucket, 'a/get', 60, { query }));
    expectStatus(read, 200);
    assert.equal(read.text, 'hello world');
    assert.equal(Buffer.from(String(read.headers['content-disposition']), 'latin1').toString('utf8'), disposition);
    assert.equal(read.headers['content-type'], 'application/x-model');
    const ranged = await raw.send('GET', raw.presign('GET', bucket, 'a/get', 60), { range: 'bytes=0-4' });
    expectStatus(ranged, 206);
    assert.equal(ranged.text, 'hello');
  }),
  must('takes a part by a presigned URL', async target => {
    const { raw, bucket } = target;
    const id = await startUpload(target, 'a/part');
    const query = { uploadId: id, partNumber: '1' };
    const url = raw.presign('PUT', bucket, 'a/part', 60, { query });
    const answer = await raw.send('PUT', url, { 'content-type': 'application/octet-stream' }, 'hello');
    expectStatus(answer, 200);
    assert.equal(answer.headers.etag, `"${createHash('md5').update('hello').digest('hex')}"`);
    const other = url.replace('partNumber=1', 'partNumber=2');
    expectStatus(await raw.send('PUT', other, {}, 'hello'), 403, 'SignatureDoesNotMatch');
  }),
  must('makes a presigned URL good for its method and its key alone', async ({ raw, bucket }) => {
    await raw.call('PUT', bucket, 'a/one', { body: '1' });
    await raw.call('PUT', bucket, 'a/two', { body: '2' });
    const url = raw.presign('GET', bucket, 'a/one', 60);
    expectStatus(await raw.send('GET', url), 200);
    expectStatus(await raw.send('PUT', url, {}, 'x'), 403, 'SignatureDoesNotMatch');
    expectStatus(await raw.send('GET', url.replace('a/one', 'a/two')), 403, 'SignatureDoesNotMatch');
    expectStatus(
      await raw.send(
        'GET',
        url.replace(/.$/, last => (last === '0' ? '1' : '0')),
      ),
      403,
      'SignatureDoesNotMatch',
    );
    expectStatus(await raw.send('GET', url.replace('Expires=60', 'Expires=6000')), 403, 'SignatureDoesNotMatch');
  }),
  must('ends a presigned URL when its time is over', async ({ raw, bucket }) => {
    await raw.call('PUT', bucket, 'a/late', { body: 'x' });
    expectStatus(
      await raw.send('GET', raw.presign('GET', bucket, 'a/late', 300, { at: minutes(-6) })),
      403,
      'AccessDenied',
    );
    expectStatus(await raw.send('GET', raw.presign('GET', bucket, 'a/late', 300, { at: minutes(-4) })), 200);
  }),
  may('refuses a presigned URL from the future or for more than a week', async ({ raw, bucket }) => {
    expectStatus(await raw.send('GET', raw.presign('GET', bucket, 'x', 300, { at: minutes(30) })), 403, 'AccessDenied');
    const long = await raw.send('GET', raw.presign('GET', bucket, 'x', 8 * 24 * 3600));
    assert.ok(long.status === 400 || long.status === 403, `status ${long.status}`);
  }),
  may('takes an upload in signed chunks', async target => {
    expectStatus(await stream(target, 'a/chunks', { chunks: ['x'.repeat(65536), 'the end'] }), 200);
    const read = await target.raw.call('GET', target.bucket, 'a/chunks');
    assert.equal(read.body.length, 65543);
    assert.ok(read.text.endsWith('xthe end'));
    assert.ok(!String(read.headers['content-encoding'] ?? '').includes('aws-chunked'));
  }),
  must('refuses a chunk that was changed', async target => {
    const answer = await stream(target, 'a/spoilt', { chunks: ['the start', 'the end'], spoil: spoilStart });
    assert.ok(answer.status === 403 || answer.status === 400, `status ${answer.status}`);
    expectStatus(await target.raw.call('GET', target.bucket, 'a/spoilt'), 404);
  }),
  may('says why, and does not only cut the connection, when it refuses a long body on its way', async target => {
    const answer = await stream(target, 'a/long', { chunks: ['the start', 'x'.repeat(8 * mib)], spoil: spoilStart });
    expectStatus(answer, 403, 'SignatureDoesNotMatch');
  }),
  may('refuses a stream of chunks that stops early', async target => {
    const spoil = (body: Buffer) => {
      const last = body.lastIndexOf('0;chunk-signature');
      return Buffer.concat([body.subarray(0, last)]);
    };
    const answer = await stream(target, 'a/short', { chunks: ['x'.repeat(65536), 'the end'], spoil });
    assert.ok(answer.status >= 400 && answer.status < 500, `status ${answer.status}`);
    expectStatus(await target.raw.call('GET', target.bucket, 'a/short'), 404);
  }),
  may('takes an upload in signed chunks with a signed checksum after it', async target => {
    const trailer = { name: 'x-amz-checksum-crc32', value: 'DUoRhQ==' };
    expectStatus(await stream(target, 'a/trailer', { chunks: ['hello ', 'world'], trailer }), 200);
    const wrong = { ...trailer, value: 'AAAAAA==' };
    const refused = await stream(target, 'a/trailer-bad', { chunks: ['hello ', 'world'], trailer: wrong });
    assert.equal(refused.status, 400);
  }),
  may('takes an unsigned stream with a checksum after it', async target => {
    expectStatus(await unsignedStream(target, 'a/plain', 'DUoRhQ=='), 200);
    assert.equal((await target.raw.call('GET', target.bucket, 'a/plain')).text, 'hello world');
    expectStatus(await unsignedStream(target, 'a/plain-bad', 'AAAAAA=='), 400, 'BadDigest');
  }),
];
