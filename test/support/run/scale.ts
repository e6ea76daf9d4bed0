/**
 * How many cases a run tries where there is no natural limit. `npm test` is the gate and tries few. `npm run test:release` sets
 * RELEASE=1, tries many, and also runs the files `*.release.test.ts`. Only this file reads the variable.
 */
export const isRelease = process.env.RELEASE === '1';

/** The value for the gate or for the release, whichever is running. */
export const scaled = <T>({ gate, release }: { readonly gate: T; readonly release: T }): T =>
  isRelease ? release : gate;

/** Cases of a property in the gate. A wrong rule shows within some hundred cases; rare contradictions are left to the release. */
const RUNS_IN_GATE = 500;

/** The number of cases of a property: `release` in the release, at most 500 in the gate. */
export const runs = (release: number): number => (isRelease ? release : Math.min(release, RUNS_IN_GATE));

/** Cases that differ little from each other: the first ones in the gate, all in the release. */
export const first = <T>(count: number, cases: readonly T[]): readonly T[] =>
  isRelease ? cases : cases.slice(0, count);

/**
 * Each situation with a way in which it is met, as rows for `it.each`: the names of way and situation, situation, way. In the gate a situation is met in one way, and neighbours are met
 * in different ways. In the release each is met in all.
 */
export const oneWayEach = <Situation, Way>(
  situations: readonly (readonly [string, Situation])[],
  ways: readonly (readonly [string, Way])[],
): readonly [string, string, Situation, Way][] =>
  situations.flatMap(([name, situation], at) =>
    ways
      .filter((_, number) => isRelease || number === at % ways.length)
      .map(([how, way]): [string, string, Situation, Way] => [how, name, situation, way]),
  );
