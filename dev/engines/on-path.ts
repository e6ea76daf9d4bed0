import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { isFile } from '../files.ts';

/** Path of the first program of this name in the folders; undefined when none has one. */
export async function findOnPath(name: string, folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    const file = join(folder, name);
    if (await isProgram(file)) return file;
  }
  return undefined;
}

export async function isProgram(file: string): Promise<boolean> {
  if (!(await isFile(file))) return false;
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
