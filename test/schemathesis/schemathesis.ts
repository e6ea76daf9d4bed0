import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadDevConfig } from '../../dev/config.ts';
import { cached } from '../../dev/engines/cache.ts';
import { runCommand } from '../../dev/processes/command.ts';

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

/** How many requests were sent, and what was not as described: nothing, when every answer was. */
export interface Verdict {
  readonly cases: number;
  readonly wrong: readonly string[];
}

/** Between them every path: each key is tried where it may do something. Elsewhere it gets a 403, and so it would all along. */
export const PASSES = {
  customer: ['--exclude-path-regex', '^/v1/admin/'],
  staff: ['--include-path-regex', '^/v1/admin/'],
} as const;

/** What Schemathesis writes about a run, as far as it is read here. */
interface Report {
  /** Whether it came to its end. */
  readonly complete: boolean;
  readonly exit_code: number;
  readonly phases: Readonly<Record<string, { readonly status: string }>>;
  readonly operations: { readonly errored: number };
  readonly test_cases: { readonly generated: number; readonly errored: number };
  readonly failures: readonly { readonly title: string; readonly operations: readonly string[] }[];
  readonly errors: readonly unknown[];
}

/** What a report says against the API, or against itself: what could not be tried was not found to be right. */
function wrongIn(report: Report): string[] {
  const { complete, exit_code: code, phases, operations, test_cases: cases, failures, errors } = report;
  return [
    ...failures.map(({ title, operations }) => `${title}: ${operations.join(', ')}`),
    ...errors.map((error) => JSON.stringify(error)),
    ...Object.entries(phases).flatMap(([name, { status }]) => (isFine(status) ? [] : `${name}: ${status}`)),
    ...(operations.errored + cases.errored > 0
      ? [`${operations.errored} operations and ${cases.errored} cases errored`]
      : []),
    ...(complete && code === 0 ? [] : [`it ended with ${code}${complete ? '' : ' before its end'}`]),
  ];
}

const isFine = (status: string): boolean => status === 'success' || status === 'skip';

/** Has Schemathesis send the API whatever its document allows, and much that it does not, and judge every answer. */
export async function runSchemathesis({ python, url, key, paths, options, onLine }: Run): Promise<Verdict> {
  // It writes down what it did wherever it is run.
  const cwd = await mkdtemp(join(tmpdir(), 'holdfast-schemathesis-'));
  const file = join(cwd, 'report.json');
  const erred: string[] = [];
  const read = (line: string): void => {
    // Only written here: neither the report nor the exit code counts scenarios that could not be lived to their end.
    const [, scenarios] = /🚫\s+(\d+) error/u.exec(line) ?? [];
    if (scenarios !== undefined) erred.push(`${scenarios} scenarios errored`);
    onLine(line.replaceAll(key, '(key)'));
  };
  // Every check is made unless the configuration says otherwise; naming them here would make it be ignored.
  const command = ['-m', 'schemathesis.cli', '--config-file', CONFIG, 'run', `${url}/openapi.json`];
  const said = ['--header', `Authorization: Bearer ${key}`, ...paths, ...options];
  const report = ['--report', 'json', '--report-json-path', file];
  try {
    const ended = await runCommand(python, [...command, ...said, ...report], {
      timeoutMs: 30 * MINUTES,
      cwd,
      onLine: read,
    }).catch((error: unknown) => error);
    // It fails when an answer was wrong, and then the report says which; without one it failed by itself.
    const text = await readFile(file, 'utf8').catch(() => {
      throw ended instanceof Error ? ended : new Error('Schemathesis wrote no report');
    });
    const judged = JSON.parse(text) as Report;
    return { cases: judged.test_cases.generated, wrong: [...wrongIn(judged), ...erred] };
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}
