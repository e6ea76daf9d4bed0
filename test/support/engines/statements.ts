import type { Sql } from '../../../db/client.ts';

/** The statements that a pool has sent since the last call of `take`. */
export interface Statements {
  /** The first words of each statement, in order; forgets them. */
  take(): string[];
}

/** Records the statements of a pool, beside those with which the driver begins a connection. */
export function recordStatements(sql: Sql): Statements {
  let seen: string[] = [];
  // The driver reads the option at each statement.
  sql.options.debug = (_connection, text) => {
    if (!/\bpg_catalog\.pg_type\b/.test(text)) seen.push(text.trim().replace(/\s+/g, ' '));
  };
  return {
    take() {
      const taken = seen;
      seen = [];
      return taken;
    },
  };
}
