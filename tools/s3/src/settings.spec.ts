import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.js';

describe('the settings', () => {
  it('take one key with everything, or several with grants', () => {
    const one = readSettings({ S3_FOLDER: '/x', PORT: '9000', S3_ACCESS_KEY: 'a', S3_SECRET_KEY: 'b' });
    expect(one).toMatchObject({ folder: '/x', port: 9000, host: '127.0.0.1', keys: [{ accessKey: 'a', grants: '*' }] });
    const keys = [{ accessKey: 'a', secretKey: 'b', grants: { models: 'read' } }];
    expect(readSettings({ S3_FOLDER: '/x', S3_KEYS_JSON: JSON.stringify(keys) }).keys).toEqual(keys);
  });

  it('name every problem at once, and no secret', () => {
    expect(() => readSettings({ PORT: 'x' })).toThrow(/S3_FOLDER.*PORT.*S3_KEYS_JSON/);
    const keys = JSON.stringify([{ accessKey: 'a', secretKey: 'very-secret', grants: { models: 'all' } }]);
    const read = () => readSettings({ S3_FOLDER: '/x', S3_KEYS_JSON: keys });
    expect(read).toThrow('S3_KEYS_JSON must be');
    expect(read).not.toThrow('very-secret');
  });
});
