import { allows } from '../core/grants.js';
import { S3Error } from '../core/errors.js';
import { all, required, root, textOf, type XmlElement } from '../core/xml.js';
import type { CorsRule } from '../store/records.js';
import { readText } from './body.js';
import type { Exchange } from './exchange.js';

const largestDocument = 2 * 1024 * 1024;
const mostDeletes = 1000;

export function listBuckets(exchange: Exchange): void {
  const { grants, accessKey } = exchange.caller.key;
  const seen = exchange.store.buckets().filter(bucket => allows(grants, 'read', bucket.name));
  exchange.xml('ListAllMyBucketsResult', {
    Owner: { ID: accessKey, DisplayName: accessKey },
    Buckets: { Bucket: seen.map(({ name, created }) => ({ Name: name, CreationDate: created })) },
  });
}

export async function createBucket(exchange: Exchange): Promise<void> {
  const text = exchange.header('content-length') === undefined ? '' : await readText(exchange, largestDocument);
  const location = text === '' ? undefined : textOf(root(text, 'CreateBucketConfiguration'), 'LocationConstraint');
  if (location !== undefined && location !== '' && location !== exchange.region) {
    throw new S3Error('InvalidArgument', `The only location here is ${exchange.region}`);
  }
  await exchange.store.createBucket(exchange.request.bucket, new Date());
  exchange.empty(200, { location: `/${exchange.request.bucket}`, 'content-length': '0' });
}

export function headBucket(exchange: Exchange): void {
  void exchange.bucket;
  exchange.empty(200, { 'x-amz-bucket-region': exchange.region });
}

export async function deleteBucket(exchange: Exchange): Promise<void> {
  await exchange.store.deleteBucket(exchange.request.bucket);
  exchange.empty(204);
}

export function getLocation(exchange: Exchange): void {
  void exchange.bucket;
  const constraint = exchange.region === 'us-east-1' ? '' : exchange.region;
  exchange.response
    .writeHead(200, { 'content-type': 'application/xml' })
    .end(
      `<?xml version="1.0" encoding="UTF-8"?>\n<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${constraint}</LocationConstraint>`,
    );
}

export async function deleteObjects(exchange: Exchange): Promise<void> {
  const { bucket } = exchange;
  const request = root(await readText(exchange, largestDocument), 'Delete');
  const keys = all(request, 'Object').map(object => required(object, 'Key'));
  if (keys.length === 0 || keys.length > mostDeletes) {
    throw new S3Error('MalformedXML', `From 1 to ${mostDeletes} objects can be deleted at once`);
  }
  for (const key of keys) await bucket.delete(key, {});
  const quiet = textOf(request, 'Quiet')?.trim() === 'true';
  exchange.xml('DeleteResult', { Deleted: quiet ? undefined : keys.map(key => ({ Key: key })) });
}

const methods = ['GET', 'PUT', 'POST', 'DELETE', 'HEAD'];

function readRule(rule: XmlElement): CorsRule {
  const texts = (name: string) => all(rule, name).map(each => each.text.trim());
  const maxAge = textOf(rule, 'MaxAgeSeconds');
  const read = {
    origins: texts('AllowedOrigin'),
    methods: texts('AllowedMethod'),
    headers: texts('AllowedHeader'),
    expose: texts('ExposeHeader'),
  };
  if (read.origins.length === 0 || read.methods.length === 0) {
    throw new S3Error('MalformedXML', 'A CORSRule needs an AllowedOrigin and an AllowedMethod');
  }
  const unknown = read.methods.find(method => !methods.includes(method));
  if (unknown !== undefined)
    throw new S3Error('InvalidRequest', `Found unsupported HTTP method in CORS config: ${unknown}`);
  return maxAge === undefined || !/^\d{1,9}$/.test(maxAge.trim()) ? read : { ...read, maxAgeSeconds: Number(maxAge) };
}

export async function putCors(exchange: Exchange): Promise<void> {
  const { bucket } = exchange;
  const rules = all(root(await readText(exchange, largestDocument), 'CORSConfiguration'), 'CORSRule').map(readRule);
  if (rules.length === 0 || rules.length > 100)
    throw new S3Error('MalformedXML', 'From 1 to 100 CORS rules are allowed');
  await bucket.setCors(rules);
  exchange.empty(200);
}

export function getCors(exchange: Exchange): void {
  const { cors } = exchange.bucket;
  if (cors.length === 0) throw new S3Error('NoSuchCORSConfiguration', 'The CORS configuration does not exist');
  exchange.xml('CORSConfiguration', {
    CORSRule: cors.map(rule => ({
      AllowedOrigin: rule.origins,
      AllowedMethod: rule.methods,
      AllowedHeader: rule.headers,
      ExposeHeader: rule.expose,
      MaxAgeSeconds: rule.maxAgeSeconds,
    })),
  });
}

export async function deleteCors(exchange: Exchange): Promise<void> {
  await exchange.bucket.setCors([]);
  exchange.empty(204);
}
