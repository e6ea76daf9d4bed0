/**
 * How much of what has no natural end a run tries. `npm test` is the gate and tries the short form; `npm run test:release`
 * sets RELEASE=1 and tries the long one, with the files `*.release.test.ts` beside it. Nothing else reads the variable.
 */
export const isRelease = process.env.RELEASE === '1';

/** The number for the gate, or the one for the release. */
export const scaled = <T>({ gate, release }: { readonly gate: T; readonly release: T }): T =>
  isRelease ? release : gate;

/** How often the gate tries a property: a wrong rule shows within some hundred, a rare contradiction in the release. */
const RUNS_IN_GATE = 500;

/** How many cases of a property are tried: so many in the release, and fewer in the gate. */
export const runs = (release: number): number => (isRelease ? release : Math.min(release, RUNS_IN_GATE));
