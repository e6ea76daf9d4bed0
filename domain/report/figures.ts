/** How measured figures are written. Never money, which is exact. */

/** A figure with so many digits behind its point; null, which is not known, stays null. */
export function rounded(figure: number, digits: number): number;
export function rounded(figure: number | null, digits: number): number | null;
export function rounded(figure: number | null, digits: number): number | null {
  return figure === null ? null : Number(figure.toFixed(digits));
}

/** A part of a whole, 0 to 1, with four digits; null without a whole. */
export const shareOf = (part: number, whole: number): number | null => (whole === 0 ? null : rounded(part / whole, 4));
