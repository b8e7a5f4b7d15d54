/** Makes of an answer what the program works with, and throws where the answer is not that: a zod schema, or a function. */
export type Parse<T> = ((raw: unknown) => T) | { parse(raw: unknown): T };

export interface Question {
  method: string;
  params: readonly unknown[];
}

/** Questions to a node. Every failure is an `RpcError`. */
export interface Rpc {
  call<T>(method: string, params: readonly unknown[], parse: Parse<T>): Promise<T>;
  /** All answers in the order of the questions, or the failure of one. */
  batch<T>(questions: readonly Question[], parse: Parse<T>): Promise<T[]>;
}
