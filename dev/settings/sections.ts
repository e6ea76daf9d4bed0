import type { z } from 'zod';
import { workerSettings } from '../../activities/runtime/config.ts';
import { apiSettings } from '../../api/config.ts';
import { baseEnvironment } from '../../db/config.ts';
import { migrateEnvironment, rotateMasterKeyEnvironment } from '../../db/settings/commands.ts';
import { databaseSettings } from '../../db/settings/database.ts';
import { settingNotes } from '../../db/settings/setting.ts';
import { temporalSettings } from '../../db/settings/temporal.ts';

/** One setting, as docs/configure.md shows it. */
export interface ShownSetting {
  readonly name: string;
  readonly type: string;
  /** The value that it has when it is absent; undefined: it has none then. */
  readonly fallback: string | undefined;
  readonly isRequired: boolean;
  readonly isSecret: boolean;
  /** Whether `<name>_FILE` can give it too. */
  readonly hasFile: boolean;
  readonly meaning: string;
}

type Process =
  | 'api'
  | 'worker'
  | 'migrate'
  | 'promote'
  | 'create:staff-key'
  | 'restore:check'
  | 'rotate:master-key'
  | 'verify:ledger';

/** Settings that the same processes read. */
export interface Section {
  /** The name of its place in docs/configure.md. */
  readonly name: string;
  readonly readBy: readonly Process[];
  readonly settings: readonly ShownSetting[];
}

/** @throws Error when a setting has no note. */
function shown(shape: z.ZodRawShape, without: object = {}): ShownSetting[] {
  const isFile = (name: string): boolean => name.endsWith('_FILE') && name.replace(/_FILE$/, '') in shape;
  return Object.entries(shape as Readonly<Record<string, z.ZodType>>)
    .filter(([name]) => !isFile(name) && !(name in without))
    .map(([name, schema]) => {
      const note = settingNotes.get(schema);
      if (note === undefined) throw new Error(`${name} has no note: declare it with setting()`);
      const absent = schema.safeParse(undefined);
      return {
        name,
        ...note,
        isRequired: !absent.success,
        fallback: absent.success && absent.data !== undefined ? String(absent.data) : undefined,
        hasFile: `${name}_FILE` in shape,
      };
    });
}

/** Every setting of API, worker and commands. */
export const SECTIONS: readonly Section[] = [
  {
    name: 'postgresql',
    readBy: ['api', 'worker', 'migrate', 'create:staff-key', 'restore:check', 'rotate:master-key', 'verify:ledger'],
    settings: shown(databaseSettings),
  },
  { name: 'temporal', readBy: ['api', 'worker', 'promote'], settings: shown(temporalSettings) },
  {
    name: 'api-and-worker',
    readBy: ['api', 'worker'],
    settings: shown(baseEnvironment.shape, { ...databaseSettings, ...temporalSettings }),
  },
  { name: 'api', readBy: ['api'], settings: shown(apiSettings) },
  { name: 'worker', readBy: ['worker'], settings: shown(workerSettings) },
  { name: 'migrate', readBy: ['migrate'], settings: shown(migrateEnvironment.shape, databaseSettings) },
  {
    name: 'rotate:master-key',
    readBy: ['rotate:master-key'],
    settings: shown(rotateMasterKeyEnvironment.shape, databaseSettings),
  },
];

/** The settings that a process reads. */
export const settingsOf = (process: Process): ShownSetting[] =>
  SECTIONS.filter(({ readBy }) => readBy.includes(process)).flatMap(({ settings }) => settings);
