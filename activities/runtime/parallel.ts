/**
 * Does something with each item, at most `limit` at a time; the first failure is thrown once all that started are done. Items of
 * an async iterable are read as they are needed.
 */
export async function inParallel<T>(
  items: Iterable<T> | AsyncIterable<T>,
  limit: number,
  act: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    for (let next = await waiting.next(); next.done !== true; next = await waiting.next()) await act(next.value);
  };
  const lanes = await Promise.allSettled(Array.from({ length: limit }, lane));
  for (const result of lanes) if (result.status === 'rejected') throw result.reason;
}
