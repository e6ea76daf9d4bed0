/** Shares rounds out fairly, when only some of many can be asked about in one round. */
export interface RoundRobin {
  /** The next `most` of `all`, after those of the last call; all of them when they are no more than `most`. */
  next<T>(of: string, all: readonly T[], most: number): readonly T[];
}

/** The first call begins anywhere: short-lived processes must not begin with the same ones each time. */
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
