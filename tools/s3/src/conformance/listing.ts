import { strict as assert } from 'node:assert';
import { values } from './raw.js';
import { expectStatus, must, type Rule, type Target } from './rule.js';

const keys = ['l/a', 'l/a/1', 'l/a/2', 'l/a0', 'l/b/x/1', 'l/c', 'l/\ue000', 'l/🎲'];

async function fill({ raw, bucket }: Target): Promise<void> {
  await Promise.all(keys.map(key => raw.call('PUT', bucket, key, { body: key })));
}

async function list({ raw, bucket }: Target, query: Record<string, string>) {
  const answer = await raw.call('GET', bucket, '', { query: { 'list-type': '2', ...query } });
  expectStatus(answer, 200);
  return {
    keys: values(answer.text, 'Key').map(decode),
    groups: [...answer.text.matchAll(/<CommonPrefixes><Prefix>([^<]*)</g)].map(found => decode(found[1] ?? '')),
    next: values(answer.text, 'NextContinuationToken')[0],
    truncated: values(answer.text, 'IsTruncated')[0] === 'true',
    text: answer.text,
  };
}

const decode = (text: string) => text.replaceAll('&#x1F3B2;', '🎲').replaceAll('&amp;', '&');

export const listingRules: readonly Rule[] = [
  must('lists a prefix in the order of UTF-8 bytes', async target => {
    await fill(target);
    const found = await list(target, { prefix: 'l/' });
    assert.deepEqual(found.keys, keys);
    assert.equal(found.truncated, false);
  }),
  must('says size, ETag and date of each object', async target => {
    await fill(target);
    const { text } = await list(target, { prefix: 'l/c' });
    assert.deepEqual(values(text, 'Size'), ['3']);
    assert.match(values(text, 'ETag')[0] ?? '', /^(&quot;|"|&#34;)[0-9a-f]{32}(&quot;|"|&#34;)$/);
    assert.ok(Date.parse(values(text, 'LastModified')[0] ?? '') > 0);
  }),
  must('groups keys at the delimiter', async target => {
    await fill(target);
    const found = await list(target, { prefix: 'l/', delimiter: '/' });
    assert.deepEqual(found.groups, ['l/a/', 'l/b/']);
    assert.deepEqual(found.keys, ['l/a', 'l/a0', 'l/c', 'l/\ue000', 'l/🎲']);
  }),
  must('pages through all keys and groups, each once', async target => {
    await fill(target);
    for (const delimiter of ['', '/']) {
      const seen: string[] = [];
      let token: string | undefined;
      for (let page = 0; page < 20; page += 1) {
        const query = { prefix: 'l/', 'max-keys': '2', delimiter, ...(token && { 'continuation-token': token }) };
        const found = await list(target, query);
        assert.ok(found.keys.length + found.groups.length <= 2);
        seen.push(...found.keys, ...found.groups);
        token = found.next;
        if (!found.truncated) break;
        assert.ok(token, 'a truncated page names the next');
      }
      const whole = await list(target, { prefix: 'l/', delimiter });
      assert.deepEqual(seen.toSorted(), [...whole.keys, ...whole.groups].toSorted());
    }
  }),
  must('starts after a key', async target => {
    await fill(target);
    assert.deepEqual((await list(target, { prefix: 'l/', 'start-after': 'l/b' })).keys, keys.slice(4));
    assert.deepEqual((await list(target, { prefix: 'l/', 'start-after': 'l/b/x/1' })).keys, keys.slice(5));
  }),
  must('lists nothing for an unknown prefix', async target => {
    const found = await list(target, { prefix: 'nothing/' });
    assert.deepEqual([found.keys, found.groups, found.truncated], [[], [], false]);
  }),
  must('writes keys with markup in them so that they can be read', async target => {
    const key = 'm/<a>&"b"';
    await target.raw.call('PUT', target.bucket, key, { body: '' });
    assert.match((await list(target, { prefix: 'm/' })).text, /m\/&lt;a(&gt;|>)&amp;(&quot;|")b/);
    const encoded = await list(target, { prefix: 'm/', 'encoding-type': 'url' });
    assert.equal(decodeURIComponent(encoded.keys[0] ?? ''), key);
  }),
  must('deletes many at once, those that are not there too', async target => {
    const { raw, bucket } = target;
    for (const key of ['d/1', 'd/2&', 'd/3']) await raw.call('PUT', bucket, key, { body: '' });
    const { createHash } = await import('node:crypto');
    const body =
      '<Delete><Object><Key>d/1</Key></Object><Object><Key>d/2&amp;</Key></Object><Object><Key>d/9</Key></Object></Delete>';
    const headers = { 'content-md5': createHash('md5').update(body).digest('base64') };
    const answer = await raw.call('POST', bucket, '', { query: { delete: '' }, body, headers });
    expectStatus(answer, 200);
    assert.deepEqual(values(answer.text, 'Key').toSorted(), ['d/1', 'd/2&amp;', 'd/9']);
    assert.deepEqual((await list(target, { prefix: 'd/' })).keys, ['d/3']);
  }),
  must('lists through the minio client', async target => {
    await fill(target);
    const found: string[] = [];
    for await (const item of target.minio.listObjectsV2(target.bucket, 'l/', true))
      found.push((item as { name: string }).name);
    assert.deepEqual(found, keys);
  }),
];
