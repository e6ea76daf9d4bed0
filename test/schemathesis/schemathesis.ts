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
 * Installs Schemathesis from PyPI into a Python environment in the user's cache, once. Returns the path of that Python.
 * Throws, naming what is missing, without Python 3.10 or PyPI.
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
  /** Url of the API that serves the document. */
  readonly url: string;
  readonly key: string;
  /** Options that select the paths. */
  readonly paths: readonly string[];
  /** Further options for Schemathesis. */
  readonly options: readonly string[];
  /** Called with each output line, without the key. */
  readonly onLine: (line: string) => void;
}

/** The number of requests sent, and the answers that differ from the document; empty when all agree. */
export interface Verdict {
  readonly cases: number;
  readonly wrong: readonly string[];
}

/** Together these cover every path. Each key is tried only where it has access; elsewhere every answer would be a 403. */
export const PASSES = {
  customer: ['--exclude-path-regex', '^/v1/admin/'],
  staff: ['--include-path-regex', '^/v1/admin/'],
} as const;

/** The parts of Schemathesis' report that are read here. */
interface Report {
  /** Whether the run reached its end. */
  readonly complete: boolean;
  readonly exit_code: number;
  readonly phases: Readonly<Record<string, { readonly status: string }>>;
  readonly operations: { readonly errored: number };
  readonly test_cases: { readonly generated: number; readonly errored: number };
  readonly failures: readonly { readonly title: string; readonly operations: readonly string[] }[];
  readonly errors: readonly unknown[];
}

/** Everything wrong in a report: wrong answers, and requests that could not be tested. */
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

/** Lets Schemathesis send the API valid and invalid requests from its document, and check every answer. */
export async function runSchemathesis({ python, url, key, paths, options, onLine }: Run): Promise<Verdict> {
  // Schemathesis writes files into its working folder.
  const cwd = await mkdtemp(join(tmpdir(), 'holdfast-schemathesis-'));
  const file = join(cwd, 'report.json');
  const erred: string[] = [];
  const read = (line: string): void => {
    // Only the output counts scenarios that could not be finished. The report and the exit code ignore them.
    const [, scenarios] = /🚫\s+(\d+) error/u.exec(line) ?? [];
    if (scenarios !== undefined) erred.push(`${scenarios} scenarios errored`);
    onLine(line.replaceAll(key, '(key)'));
  };
  // All checks are on unless the configuration says otherwise. Naming checks here would override the configuration.
  const command = ['-m', 'schemathesis.cli', '--config-file', CONFIG, 'run', `${url}/openapi.json`];
  const said = ['--header', `Authorization: Bearer ${key}`, ...paths, ...options];
  const report = ['--report', 'json', '--report-json-path', file];
  try {
    const ended = await runCommand(python, [...command, ...said, ...report], {
      timeoutMs: 30 * MINUTES,
      cwd,
      onLine: read,
    }).catch((error: unknown) => error);
    // Schemathesis fails on a wrong answer too, and then writes a report. Without a report it failed by itself.
    const text = await readFile(file, 'utf8').catch(() => {
      throw ended instanceof Error ? ended : new Error('Schemathesis wrote no report');
    });
    const judged = JSON.parse(text) as Report;
    return { cases: judged.test_cases.generated, wrong: [...wrongIn(judged), ...erred] };
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}
