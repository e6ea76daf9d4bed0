import { loadDevConfig } from '../../../dev/config.ts';
import { findOnPath, isProgram } from '../../../dev/engines/on-path.ts';
import { runCommand } from '../../../dev/processes/command.ts';

const LIMIT_MS = 60_000;
const ADVICE = "Install Debian's package prometheus (apt-get install prometheus), or set";

/**
 * Path of a program of Prometheus: from the setting, or else on `PATH`.
 * @throws Error that says what to install
 */
export async function programOfPrometheus(name: 'promtool' | 'prometheus'): Promise<string> {
  const { path, environment } = loadDevConfig();
  const setting = `${name.toUpperCase()}_PATH`;
  const own = environment[setting];
  if (own !== undefined && !(await isProgram(own))) throw new Error(`${setting} is ${own}, which is not a program`);
  const file = own ?? (await findOnPath(name, path));
  if (file === undefined) throw new Error(`the tests of the alerts need ${name}. ${ADVICE} ${setting}.`);
  return file;
}

/** Runs promtool in the checkout. Returns its output. Throws with its last lines when it finds a fault. */
export async function promtool(...args: readonly string[]): Promise<string> {
  return runCommand(await programOfPrometheus('promtool'), args, {
    cwd: loadDevConfig().project,
    timeoutMs: LIMIT_MS,
  });
}
