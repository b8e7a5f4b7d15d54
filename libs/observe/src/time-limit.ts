/** Rejects when `work` has not ended in time. The work itself goes on: nothing in JavaScript can stop it. */
export async function withTimeLimit<Result>(work: Promise<Result>, ms: number, late: string): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(late)), ms);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
