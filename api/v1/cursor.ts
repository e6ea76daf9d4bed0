import { InvalidRequest } from '../http/problems.ts';

/** The form of every cursor; the document shows it as a pattern. */
export const CURSOR = /^after-([0-9]{1,15})$/;

/** A position in a list that is sorted by a whole number, as opaque text. */
export const encodeCursor = (position: number): string => `after-${position}`;

/** @throws InvalidRequest for any other text. */
export function decodeCursor(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, digits] = CURSOR.exec(text) ?? [];
  if (digits === undefined)
    throw new InvalidRequest([
      { path: 'cursor', message: 'is not a cursor of this list; use nextCursor of the previous page' },
    ]);
  return Number(digits);
}

/**
 * A page of `limit` rows. The caller reads `limit + 1`: the extra row shows that there is a next page. `stoppedAt`: where reading
 * stopped before the page was full.
 */
export function pageOf<T, R>(
  rows: readonly T[],
  limit: number,
  position: (row: T) => number,
  view: (row: T) => R,
  stoppedAt: number | null = null,
): { data: R[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = rows.length > limit && last !== undefined ? position(last) : stoppedAt;
  return { data: shown.map(view), nextCursor: next === null ? null : encodeCursor(next) };
}
