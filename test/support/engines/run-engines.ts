import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProvidedContext } from 'vitest';
import type { TestProject } from 'vitest/node';
import { bundleWorkflows } from '../../../activities/workflow-code.ts';
import { connect } from '../../../db/client.ts';
import { migrate } from '../../../db/migrate.ts';
import { ensureTestServer } from '../../../dev/engines/test-server.ts';
import { createDatabase, dropDatabase } from '../../../dev/postgres/postgres.ts';
import { type Engine, postgresForTests, temporalWithUi } from './engines.ts';

type Provided = Partial<ProvidedContext>;

/** The engines that the files of a test run share. Each is started once, for the first project that needs it. */
const PARTS = {
  postgres: migratedPostgres,
  temporal,
  ownTemporal,
  testServer: async () => ({
    value: { timeSkippingServer: await ensureTestServer({ log: console.log }) },
    stop: async () => {},
  }),
  workflows: bundledWorkflows,
} satisfies Record<string, () => Promise<Engine<Provided>>>;

type Part = keyof typeof PARTS;

interface Shared {
  users: number;
  readonly parts: Map<Part, Promise<Engine<Provided>>>;
}

/** Each project loads this module again, so the shared engines are kept on globalThis. */
const KEY = Symbol.for('holdfast test engines');
const holder = globalThis as { [KEY]?: Shared };

/** The global set-up of a project that needs these engines. The last project to end stops all engines. */
export const withEngines =
  (...wanted: readonly Part[]) =>
  async ({ provide }: TestProject): Promise<() => Promise<void>> => {
    holder[KEY] ??= { users: 0, parts: new Map() };
    const shared = holder[KEY];
    shared.users += 1;
    const started = wanted.map((part) => {
      const engine = shared.parts.get(part) ?? PARTS[part]();
      shared.parts.set(part, engine);
      return engine;
    });
    for (const { value } of await Promise.all(started)) {
      for (const [name, what] of Object.entries(value)) provide(name as keyof ProvidedContext, what);
    }
    return async () => {
      shared.users -= 1;
      if (shared.users > 0) return;
      delete holder[KEY];
      await Promise.all([...shared.parts.values()].map(async (engine) => (await engine).stop()));
    };
  };

/** A PostgreSQL server with one migrated database. Copying it takes a tenth of the time of migrating. */
async function migratedPostgres(): Promise<Engine<Provided>> {
  const postgres = await postgresForTests();
  const template = `template_${randomBytes(6).toString('hex')}`;
  const sql = connect(await createDatabase(postgres.value, template), { name: 'holdfast-test', max: 1 });
  await migrate(sql);
  await sql.end();
  return {
    value: { postgresUrl: postgres.value, databaseTemplate: template },
    stop: async () => {
      await dropDatabase(postgres.value, template);
      await postgres.stop();
    },
  };
}

/** The bundled workflows of this version, in a file. Bundling costs three seconds of CPU, so the run does it once. */
async function bundledWorkflows(): Promise<Engine<Provided>> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-workflows-'));
  const workflowBundle = join(folder, 'workflows.cjs');
  await writeFile(workflowBundle, (await bundleWorkflows()).code);
  return { value: { workflowBundle }, stop: () => rm(folder, { recursive: true, force: true }) };
}

/** `TEMPORAL_ADDRESS` if it is set, otherwise the server that the browser tests use too. */
async function temporal(): Promise<Engine<Provided>> {
  const given = process.env.TEMPORAL_ADDRESS;
  return given === undefined ? ownTemporal() : { value: { temporalAddress: given }, stop: async () => {} };
}

async function ownTemporal(): Promise<Engine<Provided>> {
  const { value, stop } = await temporalWithUi();
  return { value: { temporalAddress: value.address, temporalUi: value.ui }, stop };
}
