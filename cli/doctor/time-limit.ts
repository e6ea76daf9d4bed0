/** Work had no answer in its time. */
export class TimeLimit extends Error {
  override readonly name = 'TimeLimit';
}

/** The answer of some work, or an error after so many milliseconds. */
export async function withLimit<T>(
  ms: number,
  work: Promise<T>,
  late: () => Error = () => new TimeLimit(),
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  // A late failure has no caller left, and must not become an unhandled rejection.
  work.catch(() => {});
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
