import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { expectStatus, may, md5, must, type Rule } from './rule.js';

const put = { body: 'hello world' };

export const objectRules: readonly Rule[] = [
  must('keeps an object with its type and metadata', async ({ raw, bucket }) => {
    const headers = { 'content-type': 'text/plain', 'x-amz-meta-colour': 'blue' };
    const stored = await raw.call('PUT', bucket, 'o/meta', { ...put, headers });
    expectStatus(stored, 200);
    assert.equal(stored.headers.etag, `"${await md5('hello world', 'hex')}"`);
    const read = await raw.call('GET', bucket, 'o/meta');
    assert.equal(read.text, 'hello world');
    assert.equal(read.headers['content-type'], 'text/plain');
    assert.equal(read.headers['x-amz-meta-colour'], 'blue');
    const head = await raw.call('HEAD', bucket, 'o/meta');
    expectStatus(head, 200);
    assert.equal(head.headers['content-length'], '11');
    assert.equal(head.headers.etag, stored.headers.etag);
    assert.ok(Date.parse(String(head.headers['last-modified'])) > 0);
  }),
  must('keeps an empty object', async ({ raw, bucket }) => {
    expectStatus(await raw.call('PUT', bucket, 'o/empty', { body: '' }), 200);
    const read = await raw.call('GET', bucket, 'o/empty');
    expectStatus(read, 200);
    assert.equal(read.body.length, 0);
  }),
  must('says NoSuchKey for a missing object, and 404 to HEAD', async ({ raw, bucket }) => {
    expectStatus(await raw.call('GET', bucket, 'o/none'), 404, 'NoSuchKey');
    expectStatus(await raw.call('HEAD', bucket, 'o/none'), 404);
  }),
  must('says NoSuchBucket for a missing bucket', async ({ raw, bucket }) => {
    expectStatus(await raw.call('GET', `${bucket}-none`, 'x'), 404, 'NoSuchBucket');
    expectStatus(await raw.call('PUT', `${bucket}-none`, 'x', put), 404, 'NoSuchBucket');
  }),
  must('replaces an object whole', async ({ raw, bucket }) => {
    await raw.call('PUT', bucket, 'o/twice', { body: 'a much longer first text', headers: { 'x-amz-meta-old': '1' } });
    await raw.call('PUT', bucket, 'o/twice', { body: 'second' });
    const read = await raw.call('GET', bucket, 'o/twice');
    assert.equal(read.text, 'second');
    assert.equal(read.headers['x-amz-meta-old'], undefined);
  }),
  must('deletes, and deletes what is not there', async ({ raw, bucket }) => {
    await raw.call('PUT', bucket, 'o/gone', put);
    expectStatus(await raw.call('DELETE', bucket, 'o/gone'), 204);
    expectStatus(await raw.call('DELETE', bucket, 'o/gone'), 204);
    expectStatus(await raw.call('GET', bucket, 'o/gone'), 404);
  }),
  ...(
    [
      ['first bytes', 'bytes=0-4', 'hello', 'bytes 0-4/11'],
      ['a middle', 'bytes=6-8', 'wor', 'bytes 6-8/11'],
      ['from a byte on', 'bytes=6-', 'world', 'bytes 6-10/11'],
      ['last bytes', 'bytes=-5', 'world', 'bytes 6-10/11'],
      ['a suffix longer than the object', 'bytes=-100', 'hello world', 'bytes 0-10/11'],
      ['an end past the object', 'bytes=6-1000', 'world', 'bytes 6-10/11'],
    ] as const
  ).map(([what, range, text, said]) =>
    must(`answers a range: ${what}`, async ({ raw, bucket }) => {
      await raw.call('PUT', bucket, 'o/range', put);
      const read = await raw.call('GET', bucket, 'o/range', { headers: { range } });
      expectStatus(read, 206);
      assert.equal(read.text, text);
      assert.equal(read.headers['content-range'], said);
    }),
  ),
  must('refuses a range that starts past the end', async ({ raw, bucket }) => {
    await raw.call('PUT', bucket, 'o/range', put);
    expectStatus(await raw.call('GET', bucket, 'o/range', { headers: { range: 'bytes=11-' } }), 416, 'InvalidRange');
  }),
  must('answers 304 and 412 to conditional reads', async ({ raw, bucket }) => {
    const { headers } = await raw.call('PUT', bucket, 'o/cond', put);
    const etag = String(headers.etag);
    const read = (condition: Record<string, string>) => raw.call('GET', bucket, 'o/cond', { headers: condition });
    expectStatus(await read({ 'if-none-match': etag }), 304);
    expectStatus(await read({ 'if-none-match': '"other"' }), 200);
    expectStatus(await read({ 'if-match': etag }), 200);
    expectStatus(await read({ 'if-match': '"other"' }), 412);
    expectStatus(await read({ 'if-modified-since': new Date(Date.now() + 5000).toUTCString() }), 304);
    expectStatus(await read({ 'if-unmodified-since': 'Sat, 01 Jan 2000 00:00:00 GMT' }), 412);
  }),
  may('creates once with If-None-Match: *', async ({ raw, bucket }) => {
    const headers = { 'if-none-match': '*' };
    expectStatus(await raw.call('PUT', bucket, 'o/once', { body: 'first', headers }), 200);
    expectStatus(await raw.call('PUT', bucket, 'o/once', { body: 'second', headers }), 412, 'PreconditionFailed');
    assert.equal((await raw.call('GET', bucket, 'o/once')).text, 'first');
  }),
  may('lets one of many If-None-Match: * writers win', async ({ raw, bucket }) => {
    const headers = { 'if-none-match': '*' };
    const bodies = Array.from({ length: 8 }, (_, at) => `writer ${at}`);
    const answers = await Promise.all(bodies.map(body => raw.call('PUT', bucket, 'o/race', { body, headers })));
    const winners = bodies.filter((_, at) => answers[at]?.status === 200);
    assert.equal(winners.length, 1);
    assert.equal((await raw.call('GET', bucket, 'o/race')).text, winners[0]);
  }),
  may('replaces only the version that If-Match names', async ({ raw, bucket }) => {
    const { headers } = await raw.call('PUT', bucket, 'o/match', { body: 'one' });
    const write = (etag: string) => raw.call('PUT', bucket, 'o/match', { body: 'two', headers: { 'if-match': etag } });
    expectStatus(await write('"00000000000000000000000000000000"'), 412, 'PreconditionFailed');
    expectStatus(await write(String(headers.etag)), 200);
    expectStatus(await write(String(headers.etag)), 412, 'PreconditionFailed');
  }),
  must('checks Content-MD5', async ({ raw, bucket }) => {
    const write = (sum: string) => raw.call('PUT', bucket, 'o/md5', { ...put, headers: { 'content-md5': sum } });
    expectStatus(await write(await md5('hello world', 'base64')), 200);
    expectStatus(await write(await md5('other', 'base64')), 400, 'BadDigest');
    expectStatus(await write('nonsense'), 400, 'InvalidDigest');
  }),
  ...(
    [
      ['sha256', 'uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek='],
      ['sha1', 'Kq5sNclPz7QV2+lfQIuc6R7oRu0='],
      ['crc32', 'DUoRhQ=='],
      ['crc32c', 'yZRlqg=='],
    ] as const
  ).map(([name, sum]) =>
    may(`checks and returns x-amz-checksum-${name}`, async ({ raw, bucket }) => {
      const header = `x-amz-checksum-${name}`;
      const write = (value: string) => raw.call('PUT', bucket, `o/${name}`, { ...put, headers: { [header]: value } });
      const wrong = Buffer.from(sum, 'base64').map(byte => byte ^ 1);
      expectStatus(await write(Buffer.from(wrong).toString('base64')), 400, 'BadDigest');
      expectStatus(await write(sum), 200);
      const head = await raw.call('HEAD', bucket, `o/${name}`, { headers: { 'x-amz-checksum-mode': 'ENABLED' } });
      assert.equal(head.headers[header], sum);
    }),
  ),
  must('copies with the metadata, or with new metadata', async ({ raw, bucket }) => {
    await raw.call('PUT', bucket, 'o/from ü', { ...put, headers: { 'x-amz-meta-colour': 'blue' } });
    const source = `/${bucket}/o/from%20%C3%BC`;
    const copied = await raw.call('PUT', bucket, 'o/to', { headers: { 'x-amz-copy-source': source } });
    expectStatus(copied, 200);
    assert.match(copied.text, /<CopyObjectResult/);
    const read = await raw.call('GET', bucket, 'o/to');
    assert.equal(read.text, 'hello world');
    assert.equal(read.headers['x-amz-meta-colour'], 'blue');
    const replace = { 'x-amz-copy-source': source, 'x-amz-metadata-directive': 'REPLACE', 'x-amz-meta-colour': 'red' };
    expectStatus(await raw.call('PUT', bucket, 'o/to', { headers: replace }), 200);
    assert.equal((await raw.call('HEAD', bucket, 'o/to')).headers['x-amz-meta-colour'], 'red');
  }),
  must('refuses to copy a missing object', async ({ raw, bucket }) => {
    const headers = { 'x-amz-copy-source': `/${bucket}/o/none` };
    expectStatus(await raw.call('PUT', bucket, 'o/to', { headers }), 404, 'NoSuchKey');
  }),
  may('copies only the version that a condition names', async ({ raw, bucket }) => {
    await raw.call('PUT', bucket, 'o/src', put);
    const headers = { 'x-amz-copy-source': `/${bucket}/o/src`, 'x-amz-copy-source-if-match': '"other"' };
    expectStatus(await raw.call('PUT', bucket, 'o/to', { headers }), 412, 'PreconditionFailed');
  }),
  must('keeps any key apart, dots, slashes and other scripts too', async ({ raw, bucket }) => {
    const keys = [
      'k/../../etc',
      'k/..',
      'k/.',
      'k//double',
      'k/trail/',
      'k/trail',
      'k/a b+c%2F',
      'k/ключ',
      'k/🎲',
      `k/${'x'.repeat(1000)}`,
    ];
    for (const key of keys) expectStatus(await raw.call('PUT', bucket, key, { body: key }), 200);
    for (const key of keys) assert.equal((await raw.call('GET', bucket, key)).text, key);
  }),
  must('refuses a key of more than 1024 bytes', async ({ raw, bucket }) => {
    expectStatus(await raw.call('PUT', bucket, 'ü'.repeat(513), put), 400);
  }),
  must('works with the minio client', async ({ minio, bucket }) => {
    await minio.putObject(bucket, 'o/minio', Buffer.from('hello'), 5, {
      'Content-Type': 'text/plain',
      colour: 'green',
    });
    const stat = await minio.statObject(bucket, 'o/minio');
    assert.equal(stat.size, 5);
    assert.equal(stat.metaData.colour, 'green');
    const hash = createHash('sha256');
    for await (const chunk of await minio.getPartialObject(bucket, 'o/minio', 1, 3)) hash.update(chunk as Buffer);
    assert.equal(hash.digest('hex'), createHash('sha256').update('ell').digest('hex'));
    await minio.removeObjects(bucket, ['o/minio', 'o/never-there']);
    await assert.rejects(minio.statObject(bucket, 'o/minio'), { code: 'NotFound' });
  }),
];
