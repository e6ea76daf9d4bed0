import { check } from '../check.ts';
import { type Finding, ok, warning, wrong } from '../finding.ts';
import { EngineDown, type Installation } from '../installation.ts';

/** PostgreSQL's major version below which it is no longer maintained, and the one that the tests use. */
const OLDEST = 14;
const TESTED = 18;
/** The SQLSTATE with which PostgreSQL refuses a connection that is one too many. */
const TOO_MANY = '53300';
/** One more API process may need this many connections (api/pools.ts). */
const FOR_ONE_API = 36;

const MORE = 'raise max_connections of PostgreSQL, or run fewer API and worker processes';

export type PostgresReading =
  | { readonly down: string; readonly isFull: boolean; readonly isGiven: boolean; readonly isLocalStack: boolean }
  | {
      readonly down: undefined;
      /** As `server_version_num`: 180002. */
      readonly version: number;
      /** Connections that may be open without the reserved ones, and those that are. */
      readonly most: number;
      readonly used: number;
    };

async function read({ settings, database }: Installation): Promise<PostgresReading> {
  const { databaseUrl, isLocalStack } = settings;
  try {
    const sql = await database();
    const [row] = await sql<{ version: number; most: number; used: number }[]>`
      select current_setting('server_version_num')::integer as version,
             current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer
               - coalesce(current_setting('reserved_connections', true)::integer, 0) as most,
             (select coalesce(sum(numbackends), 0)::integer from pg_stat_database) as used`;
    if (row === undefined) throw new Error('PostgreSQL gave no row');
    return { down: undefined, ...row };
  } catch (error) {
    if (!(error instanceof EngineDown)) throw error;
    const { cause, message } = error;
    const isFull = cause instanceof Error && 'code' in cause && cause.code === TOO_MANY;
    return { down: message, isFull, isGiven: databaseUrl !== undefined, isLocalStack };
  }
}

export function judgePostgres(reading: PostgresReading): Finding[] {
  if (reading.down !== undefined) {
    if (!reading.isGiven) {
      return [wrong('no database is known', 'set DATABASE_URL, or start the local stack: npm start')];
    }
    if (reading.isFull) return [wrong(`PostgreSQL has no connection left: ${reading.down}`, MORE)];
    const mend = reading.isLocalStack ? 'npm start' : 'start PostgreSQL, or correct DATABASE_URL (docs/configure.md)';
    return [wrong(`PostgreSQL cannot be reached: ${reading.down}`, mend)];
  }
  return [judgeVersion(reading.version), judgeConnections(reading)];
}

function judgeVersion(version: number): Finding {
  const major = Math.floor(version / 10_000);
  const shown = `PostgreSQL ${major}.${version % 10_000}`;
  if (major < OLDEST) return wrong(`${shown} is too old`, `upgrade PostgreSQL to ${TESTED}`);
  if (major < TESTED)
    return warning(`${shown} is older than the one that is tested`, `upgrade PostgreSQL to ${TESTED}`);
  return ok(shown);
}

function judgeConnections({ most, used }: { readonly most: number; readonly used: number }): Finding {
  const left = Math.max(0, most - used);
  const says = `${left} of ${most} connections are left`;
  if (left === 0) return wrong(says, MORE);
  if (left < FOR_ONE_API) return warning(`${says}, and one API process may need ${FOR_ONE_API}`, MORE);
  return ok(says);
}

export const postgresql = check('postgresql', read, judgePostgres);
