/** One line of the report: a number, or something that must hold. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  /** Of something that must hold: whatever breaks it. */
  readonly broken?: readonly string[];
}

export const counted = (what: string, value: number): Figure => ({ what, value });

/** Something that must never be: its number is how often it was. */
export const never = (what: string, broken: readonly string[]): Figure => ({ what, value: broken.length, broken });

/** Nothing that must hold was broken. */
export const holds = ({ broken }: Figure): boolean => (broken ?? []).length === 0;
