/** What a command has of the machine it runs on. Tests give their own. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Standard output: the answer, and nothing else. */
  readonly out: (text: string) => void;
  /** Standard error: errors, progress, and what a person should know. */
  readonly err: (text: string) => void;
  /** Whether a person watches standard error, so that progress may be drawn there. */
  readonly isTerminal: boolean;
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly fetch: typeof fetch;
  /** Waits so many milliseconds. */
  readonly wait: (ms: number, signal?: AbortSignal | undefined) => Promise<unknown>;
  /** Milliseconds since 1970, by this machine's clock. */
  readonly now: () => number;
}
