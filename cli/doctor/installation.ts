import { statfs } from 'node:fs/promises';
import type { Connection } from '@temporalio/client';
import { connect, type Sql } from '../../db/client.ts';
import { databaseEnvironment, databaseTls } from '../../db/settings/database.ts';
import { readEnvironment } from '../../db/settings/environment.ts';
import { temporalConnection, temporalEnvironment } from '../../db/settings/temporal.ts';
import { type CertificateReading, readCertificate } from './engines/certificate.ts';
import { type ClockReading, openTemporal, serverTime } from './engines/temporal.ts';
import type { Settings } from './settings.ts';
import { withLimit } from './time-limit.ts';

/** An engine does not answer. Its own check says so; what depends on it is not known. */
export class EngineDown extends Error {
  override readonly name = 'EngineDown';
  readonly engine: 'PostgreSQL' | 'Temporal';

  constructor(engine: EngineDown['engine'], why: string, cause?: unknown) {
    super(why, { cause });
    this.engine = engine;
  }
}

/** Bytes of a disk. */
export interface Space {
  readonly free: number;
  readonly total: number;
}

/** A Temporal server that answers. */
export interface Temporal {
  readonly connection: Connection;
  readonly version: string;
}

/** What `doctor` reads from outside. Tests replace the clock and the disk. */
export interface Outside {
  readonly now: () => number;
  /** The disk of a path; undefined when this user cannot see the path. */
  readonly space: (path: string) => Promise<Space | undefined>;
  readonly fetch: typeof fetch;
  readonly certificate: (url: URL) => Promise<CertificateReading>;
}

/** The installation that is examined. Each engine is connected to once, and all checks share the connection. */
export interface Installation extends Outside {
  readonly settings: Settings;
  /** How long an engine, or the API, has to answer at first, in milliseconds. */
  readonly answerMs: number;
  /** @throws EngineDown */
  readonly database: () => Promise<Sql>;
  /** @throws EngineDown */
  readonly temporal: () => Promise<Temporal>;
  /** @throws EngineDown */
  readonly temporalClock: () => Promise<ClockReading>;
  readonly close: () => Promise<void>;
}

/** Connections to PostgreSQL: enough for checks that run together. */
const CONNECTIONS = 4;

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

const reason = (error: unknown): string =>
  error instanceof Error && error.message !== '' ? error.message : String(error);

/** Opens nothing yet: an engine is connected to when a check needs it, and has `answerMs` to answer. */
export function openInstallation(settings: Settings, outside: Outside, answerMs: number): Installation {
  const { databaseUrl, temporalAddress: address, temporalNamespace: namespace, environment } = settings;
  const late = (engine: EngineDown['engine']) => () => new EngineDown(engine, `no answer within ${answerMs / 1000} s`);
  const closers: (() => Promise<void>)[] = [];
  const database = once(async () => {
    if (databaseUrl === undefined) throw new EngineDown('PostgreSQL', 'DATABASE_URL is not set');
    try {
      const tls = databaseTls(
        readEnvironment(databaseEnvironment, {
          ...environment,
          DATABASE_URL: databaseUrl,
          DATABASE_URL_FILE: undefined,
        }),
      );
      const sql = connect(databaseUrl, { name: 'holdfast-doctor', max: CONNECTIONS, statementMs: answerMs, tls });
      closers.push(() => sql.end({ timeout: 1 }));
      await withLimit(answerMs, sql`select 1`, late('PostgreSQL'));
      return sql;
    } catch (error) {
      throw error instanceof EngineDown ? error : new EngineDown('PostgreSQL', reason(error), error);
    }
  });
  const temporal = once(async () => {
    try {
      const to = readEnvironment(temporalEnvironment, { ...environment, TEMPORAL_ADDRESS: address });
      const connection = openTemporal(temporalConnection(to));
      closers.push(() => connection.close());
      const info = connection.withDeadline(Date.now() + answerMs, () => connection.workflowService.getSystemInfo({}));
      const { serverVersion } = await withLimit(answerMs, info, late('Temporal'));
      return { connection, version: serverVersion };
    } catch (error) {
      throw error instanceof EngineDown ? error : new EngineDown('Temporal', reason(error), error);
    }
  });
  return {
    ...outside,
    settings,
    answerMs,
    database,
    temporal,
    temporalClock: once(async () => serverTime((await temporal()).connection, namespace, outside.now)),
    close: async () => {
      await Promise.all(closers.map((close) => close().catch(() => {})));
    },
  };
}

/** This machine. */
export const thisMachine = ({ now, fetch }: Pick<Outside, 'now' | 'fetch'>): Outside => ({
  now,
  fetch,
  space: async (path) => {
    const found = await statfs(path).catch(() => undefined);
    return found && { free: found.bavail * found.bsize, total: found.blocks * found.bsize };
  },
  certificate: readCertificate,
});
