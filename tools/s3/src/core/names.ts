import { S3Error } from './errors.js';

const longestKey = 1024;

export function assertBucketName(name: string): void {
  const plausible = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name);
  if (!plausible || name.includes('..') || /^\d+\.\d+\.\d+\.\d+$/.test(name)) {
    throw new S3Error('InvalidBucketName', 'The specified bucket is not valid.', { fields: { BucketName: name } });
  }
}

export function assertKey(key: string): void {
  if (Buffer.byteLength(key) > longestKey) {
    throw new S3Error('KeyTooLongError', 'Your key is too long', { fields: { MaxSizeAllowed: longestKey } });
  }
}

/** A whole number from `least` to `most`, or the error that S3 gives. */
export function wholeNumber(name: string, text: string | undefined, least: number, most: number): number {
  const value = text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (!(value >= least && value <= most)) {
    throw new S3Error('InvalidArgument', `${name} must be a whole number from ${least} to ${most}`, {
      fields: { ArgumentName: name },
    });
  }
  return value;
}
