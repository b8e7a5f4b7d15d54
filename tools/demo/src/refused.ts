import { ArenaError, type ArenaErrorCode } from '@arena/sdk';

/** What must not work, and why it does not. Anything else ends the demo. */
export async function refused(call: Promise<unknown>, code: ArenaErrorCode, what: string): Promise<string> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ArenaError && error.code === code) {
    const why = code === 'client/reverted' ? (error.detail ?? error.title) : error.title;
    return `${what} is refused: ${why} (${code})`;
  }
  throw new Error(`${what} should have been refused with ${code}`, { cause: error });
}
