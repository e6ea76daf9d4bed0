/**
 * Turns an act on many items into one on a single item: those that come while it runs form the next group. One group is under
 * way at a time. `act` returns a result for each item, in their order; when it throws, each item of the group fails with its error.
 */
export function inGroups<Item, Result>(
  act: (group: readonly Item[]) => Promise<readonly Result[]>,
): (item: Item) => Promise<Result> {
  let underWay: Promise<unknown> = Promise.resolve();
  let next: { readonly items: Item[]; readonly results: Promise<readonly Result[]> } | undefined;

  function begin() {
    const items: Item[] = [];
    const results = underWay.then(() => {
      next = undefined;
      return act(items);
    });
    underWay = results.catch(() => {});
    return { items, results };
  }

  return async (item) => {
    next ??= begin();
    const { items, results } = next;
    const at = items.push(item) - 1;
    return (await results)[at] as Result;
  };
}
