import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { values } from './raw.js';
import { complete, expectStatus, may, mib, must, putPart, startUpload, type Rule } from './rule.js';

const big = (fill: number) => Buffer.alloc(5 * mib, fill);

export const multipartRules: readonly Rule[] = [
  must('joins parts, in the order of their numbers, into one object', async target => {
    const id = await startUpload(target, 'p/join', {
      'content-type': 'application/x-model',
      'x-amz-meta-colour': 'blue',
    });
    const second = await putPart(target, 'p/join', id, 20, 'the end');
    const first = await putPart(target, 'p/join', id, 3, big(1));
    expectStatus(await target.raw.call('GET', target.bucket, 'p/join'), 404);
    const done = await complete(target, 'p/join', id, [first, second]);
    expectStatus(done, 200);
    assert.match(done.text, /<CompleteMultipartUploadResult/);
    const md5s = [big(1), Buffer.from('the end')].map(data => createHash('md5').update(data).digest());
    const etag = `"${createHash('md5').update(Buffer.concat(md5s)).digest('hex')}-2"`;
    const read = await target.raw.call('GET', target.bucket, 'p/join');
    assert.equal(read.headers.etag, etag);
    assert.equal(read.headers['content-type'], 'application/x-model');
    assert.equal(read.headers['x-amz-meta-colour'], 'blue');
    assert.ok(read.body.equals(Buffer.concat([big(1), Buffer.from('the end')])));
    const across = { headers: { range: `bytes=${5 * mib - 2}-${5 * mib + 2}` } };
    const middle = await target.raw.call('GET', target.bucket, 'p/join', across);
    assert.ok(middle.body.equals(Buffer.from('\u0001\u0001the')));
  }),
  must('takes a part twice and keeps the later one', async target => {
    const id = await startUpload(target, 'p/again');
    const old = await putPart(target, 'p/again', id, 1, 'old');
    const part = await putPart(target, 'p/again', id, 1, 'new');
    expectStatus(await complete(target, 'p/again', id, [old]), 400, 'InvalidPart');
    expectStatus(await complete(target, 'p/again', id, [part]), 200);
    assert.equal((await target.raw.call('GET', target.bucket, 'p/again')).text, 'new');
  }),
  may('leaves out parts that the list leaves out', async target => {
    const id = await startUpload(target, 'p/some');
    await putPart(target, 'p/some', id, 1, 'left out');
    const part = await putPart(target, 'p/some', id, 2, 'kept');
    expectStatus(await complete(target, 'p/some', id, [part]), 200);
    assert.equal((await target.raw.call('GET', target.bucket, 'p/some')).text, 'kept');
  }),
  must('refuses a small part that is not the last, and can still go on', async target => {
    const id = await startUpload(target, 'p/small');
    const small = await putPart(target, 'p/small', id, 1, 'small');
    const last = await putPart(target, 'p/small', id, 2, 'last');
    expectStatus(await complete(target, 'p/small', id, [small, last]), 400, 'EntityTooSmall');
    const large = await putPart(target, 'p/small', id, 1, big(2));
    expectStatus(await complete(target, 'p/small', id, [large, last]), 200);
  }),
  must('refuses unknown parts and an empty list', async target => {
    const id = await startUpload(target, 'p/order');
    const one = await putPart(target, 'p/order', id, 1, big(1));
    const two = await putPart(target, 'p/order', id, 2, 'two');
    expectStatus(await complete(target, 'p/order', id, [one, { ...two, number: 7 }]), 400, 'InvalidPart');
    expectStatus(await complete(target, 'p/order', id, []), 400, 'MalformedXML');
    expectStatus(await complete(target, 'p/order', id, [one, two]), 200);
  }),
  may('refuses parts out of order', async target => {
    const id = await startUpload(target, 'p/sorted');
    const one = await putPart(target, 'p/sorted', id, 1, big(1));
    const two = await putPart(target, 'p/sorted', id, 2, 'two');
    expectStatus(await complete(target, 'p/sorted', id, [two, one]), 400, 'InvalidPartOrder');
  }),
  must('refuses a broken list of parts', async target => {
    const id = await startUpload(target, 'p/broken');
    const answer = await target.raw.call('POST', target.bucket, 'p/broken', {
      query: { uploadId: id },
      body: '<Complete',
    });
    expectStatus(answer, 400, 'MalformedXML');
  }),
  must('takes no part of an upload that was aborted, and makes no object of it', async target => {
    const { raw, bucket } = target;
    const id = await startUpload(target, 'p/abort');
    const part = await putPart(target, 'p/abort', id, 1, 'x');
    expectStatus(await raw.call('DELETE', bucket, 'p/abort', { query: { uploadId: id } }), 204);
    const again = { query: { uploadId: id, partNumber: '2' }, body: 'x' };
    expectStatus(await raw.call('PUT', bucket, 'p/abort', again), 404, 'NoSuchUpload');
    expectStatus(await raw.call('GET', bucket, 'p/abort', { query: { uploadId: id } }), 404);
    assert.ok((await complete(target, 'p/abort', id, [part])).status >= 400);
    expectStatus(await raw.call('GET', bucket, 'p/abort'), 404, 'NoSuchKey');
  }),
  may('says NoSuchUpload of an upload that was aborted, completed or never begun', async target => {
    const { raw, bucket } = target;
    const id = await startUpload(target, 'p/over');
    const part = await putPart(target, 'p/over', id, 1, 'x');
    expectStatus(await complete(target, 'p/over', id, [part]), 200);
    for (const uploadId of [id, 'never-begun', '../../objects']) {
      expectStatus(await raw.call('GET', bucket, 'p/over', { query: { uploadId } }), 404, 'NoSuchUpload');
      expectStatus(await complete(target, 'p/over', uploadId, [part]), 404, 'NoSuchUpload');
      expectStatus(await raw.call('DELETE', bucket, 'p/over', { query: { uploadId } }), 404, 'NoSuchUpload');
    }
  }),
  may('refuses part numbers outside 1…10000', async target => {
    const id = await startUpload(target, 'p/number');
    for (const partNumber of ['0', '10001', 'x']) {
      const call = { query: { uploadId: id, partNumber }, body: 'x' };
      expectStatus(await target.raw.call('PUT', target.bucket, 'p/number', call), 400, 'InvalidArgument');
    }
  }),
  must('checks Content-MD5 of a part', async target => {
    const id = await startUpload(target, 'p/md5');
    const headers = { 'content-md5': createHash('md5').update('other').digest('base64') };
    const call = { query: { uploadId: id, partNumber: '1' }, body: 'x', headers };
    expectStatus(await target.raw.call('PUT', target.bucket, 'p/md5', call), 400, 'BadDigest');
  }),
  must('lists parts by pages', async target => {
    const id = await startUpload(target, 'p/parts');
    for (const number of [1, 2, 4]) await putPart(target, 'p/parts', id, number, `part ${number}`);
    const page = async (query: Record<string, string>) => {
      const answer = await target.raw.call('GET', target.bucket, 'p/parts', { query: { uploadId: id, ...query } });
      expectStatus(answer, 200);
      return answer.text;
    };
    const first = await page({ 'max-parts': '2' });
    assert.deepEqual(values(first, 'PartNumber'), ['1', '2']);
    assert.deepEqual(values(first, 'IsTruncated'), ['true']);
    assert.deepEqual(values(first, 'Size'), ['6', '6']);
    const rest = await page({ 'max-parts': '2', 'part-number-marker': values(first, 'NextPartNumberMarker')[0] ?? '' });
    assert.deepEqual(values(rest, 'PartNumber'), ['4']);
    assert.deepEqual(values(rest, 'IsTruncated'), ['false']);
  }),
  must('lists unfinished uploads', async target => {
    const id = await startUpload(target, 'u/one');
    await startUpload(target, 'u/two');
    const answer = await target.raw.call('GET', target.bucket, '', { query: { uploads: '', prefix: 'u/' } });
    expectStatus(answer, 200);
    assert.deepEqual(values(answer.text, 'Key'), ['u/one', 'u/two']);
    assert.ok(values(answer.text, 'UploadId').includes(id));
  }),
  must('copies a range of an object into a part', async target => {
    const { raw, bucket } = target;
    await raw.call('PUT', bucket, 'p/source', { body: 'hello world' });
    const id = await startUpload(target, 'p/copied');
    const headers = { 'x-amz-copy-source': `/${bucket}/p/source`, 'x-amz-copy-source-range': 'bytes=6-10' };
    const part = await raw.call('PUT', bucket, 'p/copied', { query: { uploadId: id, partNumber: '1' }, headers });
    expectStatus(part, 200);
    const etag = values(part.text, 'ETag')[0] ?? '';
    expectStatus(await complete(target, 'p/copied', id, [{ number: 1, etag }]), 200);
    assert.equal((await raw.call('GET', bucket, 'p/copied')).text, 'world');
  }),
  may('completes once with If-None-Match: *', async target => {
    await target.raw.call('PUT', target.bucket, 'p/once', { body: 'there already' });
    const id = await startUpload(target, 'p/once');
    const part = await putPart(target, 'p/once', id, 1, 'late');
    expectStatus(await complete(target, 'p/once', id, [part], { 'if-none-match': '*' }), 412, 'PreconditionFailed');
    assert.equal((await target.raw.call('GET', target.bucket, 'p/once')).text, 'there already');
  }),
  must('uploads in parts through the minio client', async ({ minio, bucket }) => {
    const { Readable } = await import('node:stream');
    const chunks = Array.from({ length: 70 }, (_, at) => Buffer.alloc(mib, at));
    await minio.putObject(bucket, 'p/minio', Readable.from(chunks), 70 * mib);
    const expected = createHash('sha256').update(Buffer.concat(chunks)).digest('hex');
    const hash = createHash('sha256');
    for await (const chunk of await minio.getObject(bucket, 'p/minio')) hash.update(chunk as Buffer);
    assert.equal(hash.digest('hex'), expected);
  }),
];
