import { chmod, readdir, rename } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../processes/command.ts';

/** The servers that the SDK can download. */
export type SdkServer = 'cli' | 'test-server';

const DOWNLOAD_LIMIT_MS = 20_000;

/** Version of the installed SDK. The SDK chooses what it downloads by its own version, so the cache is keyed by it. */
export function sdkVersion(): string {
  const { version } = createRequire(import.meta.url)('@temporalio/client/package.json') as { version: string };
  return version;
}

/** Downloads one of the SDK's servers to `<folder>/<file>`. Fails after 20 s. */
export async function fetchFromSdk(
  what: SdkServer,
  folder: string,
  file: string,
  env: Record<string, string>,
  signal?: AbortSignal,
): Promise<void> {
  const script = fileURLToPath(new URL('./sdk-download.ts', import.meta.url));
  await runCommand(process.execPath, ['--import', 'tsx', script, what, folder], {
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
    env,
    signal,
    timeoutMs: DOWNLOAD_LIMIT_MS,
  });
  const [downloaded] = (await readdir(folder)).filter((name) => name.startsWith('temporal'));
  if (downloaded === undefined) throw new Error('the SDK reported a download but left no file');
  await rename(join(folder, downloaded), join(folder, file));
  await chmod(join(folder, file), 0o755);
}
