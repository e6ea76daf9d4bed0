import { rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type DevConfig, loadDevConfig } from '../../dev/config.ts';
import { type EnsureOptions, ensureEngine } from '../../dev/engines/ensure.ts';
import { findOnPath } from '../../dev/engines/on-path.ts';
import { runCommand } from '../../dev/processes/command.ts';

/** The version of the server in docker-compose.yml. */
export const SERVER_VERSION = '1.32.0';
const MODULE = 'go.temporal.io/server';
const BUILD_LIMIT_MS = 60 * 60_000;

const EXE = process.platform === 'win32' ? '.exe' : '';
const GO = `go${EXE}`;
const SERVER = `temporal-server${EXE}`;
const SQL_TOOL = `temporal-sql-tool${EXE}`;

export interface ServerPrograms {
  /** Path of Temporal's server. It has a database's drivers, unlike the development server of the CLI. */
  readonly server: string;
  /** Path of the tool that sets up the server's databases. The schema is inside it. */
  readonly sqlTool: string;
}

/**
 * Builds Temporal's server and SQL tool with Go into the per-user cache, or returns those already there.
 * @throws Error that says to install Go when there is none, or that has the last lines of a failed build.
 */
export async function ensureServerPrograms({
  log,
  config = loadDevConfig(),
  signal,
}: EnsureOptions): Promise<ServerPrograms> {
  const source = {
    name: `go install ${MODULE}@v${SERVER_VERSION} (3 to 15 minutes, once)`,
    entry: { root: config.cache, folder: `temporal-services/${SERVER_VERSION}`, file: SERVER },
    fill: (folder: string) => build(folder, config, signal),
  };
  const server = await ensureEngine(
    `Temporal's server ${SERVER_VERSION}`,
    log,
    [source],
    'Install Go (https://go.dev/dl/), 1.26.8 or a version from 1.21 on that may fetch it, and let it reach a module proxy.',
  );
  return { server, sqlTool: join(dirname(server), SQL_TOOL) };
}

async function build(folder: string, { environment, path }: DevConfig, signal?: AbortSignal): Promise<void> {
  const go = await findOnPath(GO, path);
  if (go === undefined) throw new Error(`there is no ${GO} on the PATH`);
  const packages = ['cmd/server', 'cmd/tools/sql'].map((name) => `${MODULE}/${name}@v${SERVER_VERSION}`);
  const [file = go, ...args] = [...withLowPriority(), go, 'install', ...packages];
  await runCommand(file, args, {
    cwd: folder,
    // Without cgo the build needs no C compiler. GOFLAGS keeps the machine's value: it may name how modules are reached.
    // The folder is removed when the build fails or is interrupted, and with it Go's temporary files.
    env: { ...environment, GOBIN: folder, GOTMPDIR: folder, CGO_ENABLED: '0' },
    timeoutMs: BUILD_LIMIT_MS,
    signal,
  });
  // Go names a program by the last folder of its package.
  await rename(join(folder, `sql${EXE}`), join(folder, SQL_TOOL));
  await rename(join(folder, `server${EXE}`), join(folder, SERVER));
}

/** The build uses every core for minutes; the machine stays usable meanwhile. */
const withLowPriority = (): readonly string[] => (process.platform === 'win32' ? [] : ['nice', '-n', '19']);
