/** What is compared: each call of a side does one round of its work and returns its figure. */
export type Sides<K extends string> = Readonly<Record<K, () => Promise<number>>>;

/**
 * Runs all sides in turn, so that other load on the machine affects each of them. Every second round runs them the other way
 * round, so that no side always comes last. One more round of each at the beginning warms up and does not count.
 */
export async function interleaved<K extends string>(sides: Sides<K>, rounds: number): Promise<Record<K, number[]>> {
  const names = Object.keys(sides) as K[];
  const counted = Object.fromEntries(names.map((name): [string, number[]] => [name, []])) as Record<K, number[]>;
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const figure = await sides[name]();
      if (round > 0) counted[name].push(figure);
    }
  }
  return counted;
}

/** The middle value; for an even number of values, halfway between the two in the middle. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const [below, above] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  if (below === undefined || above === undefined) throw new Error('an empty list has no median');
  return (below + above) / 2;
}

/** Two sides compared: medians of the rounds. `ratio` is value ÷ floor of each round. */
export interface Comparison {
  readonly value: number;
  readonly floor: number;
  readonly ratio: number;
  readonly lowest: number;
  readonly highest: number;
}

/** Compares the rounds of one side with those of another, each with the one of the same turn. */
export function compare(work: readonly number[], floor: readonly number[]): Comparison {
  const ratios = work.map((figure, round) => figure / (floor[round] ?? Number.NaN));
  return {
    value: median(work),
    floor: median(floor),
    ratio: median(ratios),
    lowest: Math.min(...ratios),
    highest: Math.max(...ratios),
  };
}

/** `times` ÷ the seconds that `act` takes. */
export async function perSecond(times: number, act: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await act();
  return (times * 1_000) / (performance.now() - from);
}
