import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadDevConfig } from '../../dev/config.ts';

let folder: string;
const lines: string[] = [];
const log = (line: string) => lines.push(line);

/** Runs ensureChromium with only `folder` to search: it finds no browser of this machine and can fetch none. */
async function ensure(env: Record<string, string> = {}): Promise<string> {
  vi.stubEnv('PLAYWRIGHT_BROWSERS_PATH', join(folder, 'playwright'));
  vi.resetModules();
  const { ensureChromium } = await import('../../dev/engines/chromium.ts');
  const unreachable = 'http://127.0.0.1:9';
  const environment = { PATH: folder, PLAYWRIGHT_BROWSERS_PATH: folder, PLAYWRIGHT_DOWNLOAD_HOST: unreachable };
  return ensureChromium({ log, config: loadDevConfig({ ...environment, ...env }) });
}

async function program(name: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, '');
  await chmod(file, 0o755);
  return file;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-chromium-'));
  lines.length = 0;
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

describe('the browser of the tests', () => {
  it('is the one that CHROMIUM_PATH names, before any on PATH', async () => {
    const own = await program('my-browser');
    await program('chromium');
    expect(await ensure({ CHROMIUM_PATH: own })).toBe(own);
  });

  it('is never another than CHROMIUM_PATH names', async () => {
    await program('chromium');
    await expect(ensure({ CHROMIUM_PATH: join(folder, 'gone') })).rejects.toThrow('which is not a program');
  });

  it('is found on PATH, Chromium before Chrome', async () => {
    const chrome = await program('google-chrome');
    expect(await ensure()).toBe(chrome);
    const chromium = await program('chromium');
    expect(await ensure()).toBe(chromium);
    expect(lines).toEqual([]);
  });

  it('that cannot be had is asked for in words a person can follow', async () => {
    const failed = await ensure().catch((error: Error) => error.message);
    expect(failed).toContain("Playwright's download");
    expect(failed).toContain(
      'Install Chromium or Chrome (Debian and Ubuntu: apt-get install chromium), or set CHROMIUM_PATH.',
    );
    expect(lines[0]).toBe("getting a browser (Chromium): Playwright's download");
  });
});
