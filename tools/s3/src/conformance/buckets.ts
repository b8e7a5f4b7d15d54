import { strict as assert } from 'node:assert';
import { values } from './raw.js';
import { expectStatus, may, must, type Rule } from './rule.js';

const cors =
  '<CORSConfiguration><CORSRule><AllowedOrigin>http://app.test</AllowedOrigin><AllowedMethod>PUT</AllowedMethod>' +
  '<AllowedMethod>GET</AllowedMethod><AllowedHeader>*</AllowedHeader><ExposeHeader>ETag</ExposeHeader>' +
  '<MaxAgeSeconds>600</MaxAgeSeconds></CORSRule></CORSConfiguration>';

export const bucketRules: readonly Rule[] = [
  must('creates, finds, lists and deletes a bucket', async ({ raw, bucket }) => {
    const name = `${bucket}-own`;
    expectStatus(await raw.call('HEAD', name), 404);
    expectStatus(await raw.call('PUT', name), 200);
    expectStatus(await raw.call('HEAD', name), 200);
    assert.ok(values((await raw.call('GET', '')).text, 'Name').includes(name));
    expectStatus(await raw.call('DELETE', name), 204);
    expectStatus(await raw.call('HEAD', name), 404);
    expectStatus(await raw.call('DELETE', name), 404, 'NoSuchBucket');
  }),
  must('keeps a bucket that is created again, with what is in it', async ({ raw, bucket }) => {
    await raw.call('PUT', bucket, 'b/kept', { body: 'x' });
    const again = await raw.call('PUT', bucket);
    assert.ok(again.status === 200 || again.code === 'BucketAlreadyOwnedByYou', `${again.status} ${again.code}`);
    expectStatus(await raw.call('HEAD', bucket, 'b/kept'), 200);
  }),
  must('refuses to delete a bucket that is not empty', async ({ raw, bucket }) => {
    await raw.call('PUT', bucket, 'b/kept', { body: 'x' });
    expectStatus(await raw.call('DELETE', bucket), 409, 'BucketNotEmpty');
  }),
  must('refuses a name that no bucket may have', async ({ raw }) => {
    const answer = await raw.call('PUT', 'Not_A_Bucket..');
    assert.ok(answer.status === 400, `status ${answer.status}`);
  }),
  must('says where a bucket is', async ({ raw, bucket }) => {
    const answer = await raw.call('GET', bucket, '', { query: { location: '' } });
    expectStatus(answer, 200);
    assert.match(answer.text, /<LocationConstraint/);
  }),
  must('answers a preflight as the CORS rules of the bucket say', async ({ raw, bucket }) => {
    expectStatus(await raw.call('PUT', bucket, '', { query: { cors: '' }, body: cors }), 200);
    const ask = (origin: string, method: string) =>
      raw.send('OPTIONS', `/${bucket}/b/any`, { origin, 'access-control-request-method': method });
    const allowed = await ask('http://app.test', 'PUT');
    expectStatus(allowed, 200);
    assert.equal(allowed.headers['access-control-allow-origin'], 'http://app.test');
    expectStatus(await ask('http://evil.test', 'PUT'), 403);
    expectStatus(await ask('http://app.test', 'DELETE'), 403);
  }),
  must('shows the ETag to a browser page of an allowed origin', async ({ raw, bucket }) => {
    await raw.call('PUT', bucket, '', { query: { cors: '' }, body: cors });
    const url = raw.presign('PUT', bucket, 'b/page', 60);
    const answer = await raw.send('PUT', url, { origin: 'http://app.test' }, 'x');
    expectStatus(answer, 200);
    assert.equal(answer.headers['access-control-allow-origin'], 'http://app.test');
    assert.match(String(answer.headers['access-control-expose-headers']), /etag/i);
  }),
  may('returns and removes the CORS rules', async ({ raw, bucket }) => {
    await raw.call('PUT', bucket, '', { query: { cors: '' }, body: cors });
    assert.match((await raw.call('GET', bucket, '', { query: { cors: '' } })).text, /http:\/\/app\.test/);
    expectStatus(await raw.call('DELETE', bucket, '', { query: { cors: '' } }), 204);
    expectStatus(await raw.call('GET', bucket, '', { query: { cors: '' } }), 404, 'NoSuchCORSConfiguration');
  }),
  must('answers malformed requests with an error of the client, never its own', async ({ raw, bucket }) => {
    expectStatus(await raw.send('GET', `/${bucket}/x`, { authorization: 'AWS4-HMAC-SHA256 nonsense' }), 400);
    const odd = await raw.send('GET', `/${bucket}/x?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=1`);
    assert.ok(odd.status >= 400 && odd.status < 500, `status ${odd.status}`);
  }),
  may('refuses a path that is not UTF-8 and a document with entities of its own', async ({ raw, bucket }) => {
    expectStatus(await raw.send('GET', `/${bucket}/%zz`), 400, 'InvalidURI');
    const body = '<!DOCTYPE x [<!ENTITY a "b">]><Delete>&a;</Delete>';
    expectStatus(await raw.call('POST', bucket, '', { query: { delete: '' }, body }), 400, 'MalformedXML');
  }),
];
