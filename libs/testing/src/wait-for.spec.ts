import { expect, it } from 'vitest';
import { waitFor } from './wait-for.js';

it('gives the first truthy answer', async () => {
  let calls = 0;
  expect(await waitFor(() => (++calls === 3 ? 'third' : undefined), { everyMs: 1 })).toBe('third');
});

it('takes an error for "not yet", and keeps the last one as the cause', async () => {
  const failing = waitFor(() => Promise.reject(new Error('refused')), { timeoutMs: 20, everyMs: 5, what: 'the port' });
  await expect(failing).rejects.toMatchObject({
    message: 'waited 20 ms in vain for the port',
    cause: { message: 'refused' },
  });
});
