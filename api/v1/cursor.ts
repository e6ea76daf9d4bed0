import { InvalidRequest } from '../http/problems.ts';

/** Every cursor there may be, so that the document can say what is none. */
export const CURSOR = /^after-([0-9]{1,15})$/;

/** A place in a list that is sorted by a whole number, as text that a caller hands back without reading it. */
export const encodeCursor = (position: number): string => `after-${position}`;

/** @throws InvalidRequest when it is not one of ours. */
export function decodeCursor(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, digits] = CURSOR.exec(text) ?? [];
  if (digits === undefined) throw new InvalidRequest([{ path: 'cursor', message: 'is not a cursor of this list' }]);
  return Number(digits);
}

/** A page of `limit` rows out of `limit + 1` that were read: the one too many tells that there are more. */
export function pageOf<T, R>(
  rows: readonly T[],
  limit: number,
  position: (row: T) => number,
  view: (row: T) => R,
): { data: R[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    data: shown.map(view),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(position(last)) : null,
  };
}
