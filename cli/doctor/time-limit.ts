import { inTime } from '../../db/client.ts';

/** Work had no answer in its time. */
export class TimeLimit extends Error {
  override readonly name = 'TimeLimit';
}

/** The answer of some work, or an error after so many milliseconds. */
export const withLimit = <T>(ms: number, work: Promise<T>, late: () => Error = () => new TimeLimit()): Promise<T> =>
  inTime(ms, work, late);
