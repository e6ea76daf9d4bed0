/**
 * `wrong`: something must be mended. `warning`: look at it. `unknown`: it could not be found out, which is as bad as wrong.
 * `skipped`: it does not concern this installation, or cannot be seen from this machine.
 */
export type State = 'ok' | 'warning' | 'wrong' | 'unknown' | 'skipped';

/** What a check found. */
export interface Finding {
  readonly state: State;
  /** A sentence, or several, without a full stop at the end. */
  readonly says: string;
  /** The command that mends it, or what to do. */
  readonly mend?: string;
}

export const ok = (says: string): Finding => ({ state: 'ok', says });
export const skipped = (says: string): Finding => ({ state: 'skipped', says });
export const unknown = (says: string): Finding => ({ state: 'unknown', says });
export const warning = (says: string, mend: string): Finding => ({ state: 'warning', says, mend });
export const wrong = (says: string, mend: string): Finding => ({ state: 'wrong', says, mend });

/** `1 provider`, `3 providers`. */
export const counted = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
