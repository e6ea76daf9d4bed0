import type { Sql } from '../client.ts';
import type { Fragment } from '../list-page.ts';

/** The digest of rows, as an aggregate of their `columns`: of one size, however many the rows are and in whatever order. */
export const digestOf = (sql: Sql, columns: Fragment) =>
  sql`coalesce(sum(hashtextextended(concat_ws(' ', ${columns}), 0)), 0)::text`;
