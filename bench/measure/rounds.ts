import type { Sides } from './benchmark.ts';

/** The figures of one counted round. */
export interface Round {
  readonly work: number;
  readonly floor: number;
}

/**
 * Runs both sides in turn, so that other load on the machine affects both. Every second round runs the floor first, so that
 * neither side always comes second. One more round of each at the beginning warms up and does not count.
 */
export async function interleaved({ work, floor }: Sides, rounds: number): Promise<Round[]> {
  const counted: Round[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const first = round % 2 === 0 ? await work() : undefined;
    const floored = await floor();
    const pair = { work: first ?? (await work()), floor: floored };
    if (round > 0) counted.push(pair);
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

/** The result of a benchmark: medians of the rounds. `ratio` is work ÷ floor of each round. */
export interface Summary {
  readonly work: number;
  readonly floor: number;
  readonly ratio: number;
  readonly lowest: number;
  readonly highest: number;
}

export function summaryOf(rounds: readonly Round[]): Summary {
  const ratios = rounds.map(({ work, floor }) => work / floor);
  return {
    work: median(rounds.map(({ work }) => work)),
    floor: median(rounds.map(({ floor }) => floor)),
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
