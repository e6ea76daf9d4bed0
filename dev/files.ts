import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';

/** Replaces a file atomically: a reader sees the old text or the new, never half of it. */
export async function writeByRename(file: string, text: string, mode = 0o600): Promise<void> {
  const temporary = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
  await writeFile(temporary, text, { mode });
  await rename(temporary, file);
}

/** The secret in the file, made when there is none. The first writer wins; every later caller reads the same value. */
export async function keptSecret(file: string, make: () => string): Promise<string> {
  const kept = await readIfThere(file);
  if (kept) return kept.trim();
  const temporary = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
  await writeFile(temporary, `${make()}\n`, { mode: 0o600 });
  try {
    await link(temporary, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(temporary);
  }
  return (await readFile(file, 'utf8')).trim();
}

/** The file's text, or undefined when there is no file. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

/** Renames the previous run's log to `<file>.1`, so that a start begins a new log and two are kept. */
export async function rotateLog(file: string): Promise<void> {
  await rm(`${file}.1`, { force: true });
  await rename(file, `${file}.1`).catch(() => undefined);
}
