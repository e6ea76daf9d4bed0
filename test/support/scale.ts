/**
 * How much of what has no natural end a run tries. `npm test` is the gate and tries the short form; `npm run test:release`
 * sets RELEASE=1 and tries the long one, with the files `*.release.test.ts` beside it. Nothing else reads the variable.
 */
export const isRelease = process.env.RELEASE === '1';

/** The number for the gate, or the one for the release. */
export const scaled = <T>({ gate, release }: { readonly gate: T; readonly release: T }): T =>
  isRelease ? release : gate;
