/** The exit codes, and what each promises; docs/cli.md shows them to people. */
export const EXIT = {
  done: 0,
  /** It ran and did not succeed: drift in the books, something wrong that `doctor` found, an error of our own. */
  failed: 1,
  /** The command line itself is wrong; nothing was asked. */
  usage: 2,
  /** The API refused, so nothing was done. Of a list: at least one line was refused. */
  refused: 3,
  /** The request may or may not have taken effect: repeat it with the same key. */
  unknown: 4,
  /** The API or the database cannot be reached; nothing was done. */
  unreachable: 5,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
