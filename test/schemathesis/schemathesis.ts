import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cached } from '../../dev/cache.ts';
import { runCommand } from '../../dev/command.ts';
import { loadDevConfig } from '../../dev/config.ts';

const CONFIG = fileURLToPath(new URL('./schemathesis.toml', import.meta.url));
const VERSION = '4.32.5';
const MINUTES = 60_000;

/**
 * Schemathesis from PyPI, in a Python of its own in the cache: fetched once for a user. Returns the path of that Python.
 * Throws, saying what is missing, where there is no Python 3.10 or PyPI cannot be reached.
 */
export async function ensureSchemathesis(): Promise<string> {
  const entry = { root: loadDevConfig().cache, folder: `schemathesis/${VERSION}`, file: 'bin/python' };
  try {
    return await cached(entry, console.log, async (folder) => {
      console.log(`fetching Schemathesis ${VERSION}: about a minute, once`);
      await runCommand('python3', ['-m', 'venv', folder], { timeoutMs: 2 * MINUTES });
      const install = ['-m', 'pip', 'install', '--quiet', `schemathesis==${VERSION}`];
      await runCommand(join(folder, 'bin/python'), install, { timeoutMs: 10 * MINUTES });
    });
  } catch (error) {
    throw new Error(
      `Schemathesis ${VERSION} is not there and could not be fetched: it needs Python 3.10 with venv, and PyPI`,
      { cause: error },
    );
  }
}

export interface Run {
  readonly python: string;
  /** Where the document is served. */
  readonly url: string;
  readonly key: string;
  /** Which paths are tried. */
  readonly paths: readonly string[];
  /** What Schemathesis is told beside that. */
  readonly options: readonly string[];
  /** Each line that it writes, without the key. */
  readonly onLine: (line: string) => void;
}

/** How many requests were sent, and whether every answer was as described. */
export interface Verdict {
  readonly cases: number;
  readonly passed: boolean;
}

/** The API sends no stream of events to it: one answers for as long as its order runs, and has tests of its own. */
export const PASSES = {
  customer: ['--exclude-path-regex', '^/v1/admin/|/events$'],
  staff: ['--include-path-regex', '^/v1/admin/'],
} as const;

/** Has Schemathesis send the API whatever its document allows, and much that it does not, and judge every answer. */
export async function runSchemathesis({ python, url, key, paths, options, onLine }: Run): Promise<Verdict> {
  // It writes down what it did wherever it is run.
  const cwd = await mkdtemp(join(tmpdir(), 'holdfast-schemathesis-'));
  let cases = 0;
  const read = (line: string): void => {
    const [, generated] = /^\s*(\d+) generated\b/.exec(line) ?? [];
    if (generated !== undefined) cases = Number(generated);
    onLine(line.replaceAll(key, '(key)'));
  };
  // Every check is made unless the configuration says otherwise; naming them here would make it be ignored.
  const command = ['-m', 'schemathesis.cli', '--config-file', CONFIG, 'run', `${url}/openapi.json`];
  const said = ['--header', `Authorization: Bearer ${key}`, ...paths, ...options];
  try {
    await runCommand(python, [...command, ...said], { timeoutMs: 30 * MINUTES, cwd, onLine: read });
    return { cases, passed: true };
  } catch {
    return { cases, passed: false };
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}
