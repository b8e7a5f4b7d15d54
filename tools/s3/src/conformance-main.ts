/** `test:s3 -- URL KEY SECRET [REGION]`: checks a server against every rule, the optional ones without failing for them. */
import { closeTarget, openTarget, rules } from './conformance/suite.js';

const [url, accessKey, secretKey, region = 'us-east-1'] = process.argv.slice(2);
if (!url || !accessKey || !secretKey) {
  console.error('usage: test:s3 -- URL ACCESS_KEY SECRET_KEY [REGION]');
  process.exit(2);
}

const target = await openTarget(url, { accessKey, secretKey, region }).catch((error: unknown) => {
  console.error(`cannot make a bucket at ${url}: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(2);
});
let passed = 0;
let failed = 0;
let lacking = 0;
for (const { title, optional, check } of rules) {
  try {
    await check(target);
    passed += 1;
    console.log(`ok       ${title}`);
  } catch (error) {
    const why = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
    if (optional) lacking += 1;
    else failed += 1;
    console.log(`${optional ? 'lacking ' : 'FAIL    '} ${title}: ${why}`);
  }
}
await closeTarget(target).catch((error: unknown) =>
  console.log(`the bucket ${target.bucket} is left over: ${String(error)}`),
);
if (lacking > 0) console.log(`${lacking} optional rules are lacking here; our services do without them`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
