/** Gives each of many its turn, when only some of them can be looked at in one round. */
export interface Turns {
  /** The next `most` of `all`, beginning after where the last ended; all of them when they are no more. */
  next<T>(of: string, all: readonly T[], most: number): readonly T[];
}

/** The first turn begins anywhere: processes that come and go must not begin with the same ones each time. */
export function createTurns(random: () => number = Math.random): Turns {
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
