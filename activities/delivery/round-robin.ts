/** Takes items in turn when one round can ask about only some of them. */
export interface RoundRobin {
  /**
   * The `most` items of `all` that follow those of the last call with the same `of`; all items when they are no more than `most`.
   */
  next<T>(of: string, all: readonly T[], most: number): readonly T[];
}

/** The first call begins at a random item, so that short-lived processes do not begin with the same items each time. */
export function createRoundRobin(random: () => number = Math.random): RoundRobin {
  const begins = new Map<string, number>();
  return {
    next(of, all, most) {
      if (all.length <= most) return all;
      const begin = (begins.get(of) ?? Math.floor(random() * all.length)) % all.length;
      begins.set(of, begin + most);
      return [...all.slice(begin, begin + most), ...all.slice(0, Math.max(begin + most - all.length, 0))];
    },
  };
}
