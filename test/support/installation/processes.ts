import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../../../dev/processes/command.ts';
import { type Running, startServer } from '../../../dev/processes/server-process.ts';
import type { Machine } from './machine.ts';
import { type ServiceProgram, serviceProgram } from './service-programs.ts';

const LIMIT_MS = 300_000;
const STOP_STEPS = [
  ['SIGTERM', 60_000],
  ['SIGKILL', 5_000],
] as const;

export type Settings = Readonly<Record<string, string>>;

/** Another user than root, when this process is root: a container of docker-compose.yml has none. */
const noRoot = (uid: number): { uid: number; gid: number } | undefined =>
  process.getuid?.() === 0 ? { uid, gid: uid } : undefined;

/** The user of the proxy's image. */
export const PROXY_USER = noRoot(101);

const cwdOf = ({ image, places }: Machine, name: string): string =>
  /^(api|worker|migrate|cli)/.test(name) ? image : places.folder;

export interface RunOptions {
  /** Instead of the service's command. */
  readonly args?: readonly string[];
  /** Beside the service's settings. */
  readonly env?: Settings;
}

/** Runs a service that ends, as `docker compose run` does, with other arguments if need be. Returns what it prints. */
export function runService(
  name: string,
  machine: Machine,
  dotEnv: Settings,
  { args, env = {} }: RunOptions = {},
): Promise<string> {
  const program = serviceProgram(name, machine, dotEnv);
  const [file = '', ...rest] = args ?? program.argv;
  return runCommand(file, rest, {
    cwd: cwdOf(machine, name),
    env: { ...program.env, ...env },
    timeoutMs: LIMIT_MS,
  });
}

/** Starts a service that goes on. Returns once its health check passes. */
export async function startService(name: string, machine: Machine, dotEnv: Settings): Promise<Running> {
  const program = serviceProgram(name, machine, dotEnv);
  const [file = '', ...args] = program.argv;
  const logFile = join(machine.places.folder, `${name}.log`);
  // The proxy opens it again, as another user.
  await writeFile(logFile, '');
  await chmod(logFile, 0o666);
  return startServer({
    name,
    file,
    args,
    cwd: cwdOf(machine, name),
    env: program.env,
    ...(name === 'proxy' ? PROXY_USER : {}),
    logFile,
    answers: () => isHealthy(program),
    readyLimitMs: LIMIT_MS,
    stopSteps: STOP_STEPS,
  });
}

async function isHealthy({ health, env }: ServiceProgram): Promise<boolean> {
  const [file = '', ...args] = health;
  try {
    await runCommand(file, args, { env, timeoutMs: 10_000 });
    return true;
  } catch {
    return false;
  }
}
