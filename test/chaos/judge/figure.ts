/** One line of the report: a count, or a rule that must hold. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  /** For a rule: whatever breaks it. */
  readonly broken?: readonly string[];
}

export const counted = (what: string, value: number): Figure => ({ what, value });

/** A rule that must hold. Its value is how many times it was broken. */
export const never = (what: string, broken: readonly string[]): Figure => ({ what, value: broken.length, broken });

/** True for a count, and for a rule that nothing breaks. */
export const holds = ({ broken }: Figure): boolean => (broken ?? []).length === 0;
