/** Choices that a seed decides: the same calls in the same order return the same choices. */
export interface Choices {
  /** At least 0, below 1. */
  fraction(): number;
  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number;
  /** One of the values, each as likely as its weight. */
  among<T>(weighted: ReadonlyArray<readonly [T, number]>): T;
}

export function choicesOf(seed: number): Choices {
  let state = seed >>> 0;
  /** mulberry32 */
  const fraction = (): number => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    fraction,
    between: (from, to) => from + Math.floor(fraction() * (to - from + 1)),
    among(weighted) {
      let left = fraction() * weighted.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [value, weight] of weighted) {
        left -= weight;
        if (left < 0) return value;
      }
      const [first] = weighted[0] ?? [];
      if (first === undefined) throw new Error('nothing to choose from');
      return first;
    },
  };
}
