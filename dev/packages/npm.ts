import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Lock, PROJECT, productionLock } from './lock.ts';

/** What npm printed, whatever its exit code: with findings it is not 0. */
export async function npm(args: readonly string[], cwd: string): Promise<string> {
  const child = spawn('npm', args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  await once(child, 'close');
  return text;
}

/**
 * The bill of materials of production, as npm writes it (CycloneDX 1.5, JSON). npm gets a copy of the lock without development:
 * `npm sbom --omit=dev` leaves out what a package for development needs too, such as Temporal's client.
 */
export async function billOfMaterials(lock: Lock): Promise<string> {
  const temporary = await mkdtemp(join(tmpdir(), 'holdfast-sbom-'));
  // npm takes the name of the folder for the name of the product.
  const folder = join(temporary, 'holdfast');
  try {
    await mkdir(folder);
    await writeFile(join(folder, 'package-lock.json'), JSON.stringify(productionLock(lock)));
    for (const file of ['package.json', 'client/package.json']) {
      const { devDependencies: _, ...rest } = JSON.parse(readFileSync(join(PROJECT, file), 'utf8'));
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), JSON.stringify(rest));
    }
    return await npm(['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
