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
