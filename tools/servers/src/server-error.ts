/** One line that says what is wrong and what to do about it; shown to people as it is, without a stack trace. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
}
