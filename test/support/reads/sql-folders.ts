import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import type { MigrateOptions } from '../../../db/migrate.ts';

/** Text by file name. */
type Files = Readonly<Record<string, string>>;

async function folderOf(files: Files): Promise<URL> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-sql-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return pathToFileURL(`${folder}/`);
}

/** Temporary folders of SQL files for `migrate`, removed after the test. */
export const sqlFolders = async (migrations: Files, functions: Files = {}): Promise<MigrateOptions> => ({
  migrations: await folderOf(migrations),
  functions: await folderOf(functions),
});
