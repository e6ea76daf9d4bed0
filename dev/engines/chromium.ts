import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { chromium } from 'playwright-core';
import { type DevConfig, type Log, loadDevConfig } from '../config.ts';
import { runCommand } from '../processes/command.ts';
import { attempt, type EnsureOptions, type Way } from './ensure.ts';
import { findOnPath, isProgram } from './on-path.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'] as const;
const DOWNLOAD_LIMIT_MS = 5 * 60_000;
const INSTALL_LIMIT_MS = 8 * 60_000;

/**
 * Path of a Chromium: from `CHROMIUM_PATH`, `PATH`, Playwright's download, or as root Debian's package. Throws, naming what to
 * install, when none of these works.
 */
export async function ensureChromium({ log, config = loadDevConfig(), signal }: EnsureOptions): Promise<string> {
  if (config.chromiumPath !== undefined) {
    if (await isProgram(config.chromiumPath)) return config.chromiumPath;
    throw new Error(`CHROMIUM_PATH is ${config.chromiumPath}, which is not a program`);
  }
  const kept = (await anyOnPath(config)) ?? (await downloaded());
  if (kept) return kept;
  const download: Way = { name: "Playwright's download", run: () => downloadChromium(config, log, signal) };
  const install: Way = { name: 'apt-get install chromium', run: () => installChromium(config, log, signal) };
  return attempt(
    'a browser (Chromium)',
    log,
    process.getuid?.() === 0 ? [download, install] : [download],
    'Install Chromium or Chrome (Debian and Ubuntu: apt-get install chromium), or set CHROMIUM_PATH.',
  );
}

async function anyOnPath({ path }: DevConfig): Promise<string | undefined> {
  for (const name of NAMES) {
    const file = await findOnPath(name, path);
    if (file) return file;
  }
  return undefined;
}

/** Path of the browser that Playwright has already downloaded into the user's cache. */
async function downloaded(): Promise<string | undefined> {
  const file = chromium.executablePath();
  return (await isProgram(file)) ? file : undefined;
}

async function downloadChromium(config: DevConfig, log: Log, signal?: AbortSignal): Promise<string> {
  const playwright = dirname(createRequire(import.meta.url).resolve('playwright-core/package.json'));
  await runCommand(process.execPath, [join(playwright, 'cli.js'), 'install', 'chromium', '--no-shell'], {
    env: config.environment,
    timeoutMs: DOWNLOAD_LIMIT_MS,
    signal,
    onLine: (line) => {
      if (/\d+%/.test(line)) log(`  ${line.trim()}`);
    },
  });
  const file = await downloaded();
  if (file === undefined) throw new Error('Playwright reported a download but left no browser');
  return file;
}

async function installChromium(config: DevConfig, log: Log, signal?: AbortSignal): Promise<string> {
  const env = { ...config.environment, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
    log(`  apt-get ${args.join(' ')}`);
    await runCommand('apt-get', args, { env, timeoutMs: INSTALL_LIMIT_MS, signal });
  }
  const file = await anyOnPath(config);
  if (file === undefined) throw new Error('apt-get installed the package, but no chromium is on PATH');
  return file;
}
