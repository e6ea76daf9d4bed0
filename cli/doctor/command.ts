import type { Command } from 'commander';
import { runs, type Session } from '../command/invocation.ts';
import { positive } from '../command/values.ts';
import { exitOf, reportText } from './report.ts';
import { readSettings } from './settings.ts';

/** `holdfast doctor`: every dependency of an installation, what is wrong with it, and what mends it. */
export function addDoctorCommand(program: Command, session: Session): void {
  const doctor = program
    .command('doctor')
    .description('check every dependency: what is wrong, and the command that mends it; exits 1 when something is')
    .option('--timeout <seconds>', 'time limit of each check', positive, 5);
  runs<{ readonly timeout: number }>(doctor, session, { changes: false }, async ({ host, options }) => {
    // The Temporal client takes a second to load, and no other command needs it.
    const [{ diagnose }, { thisMachine }] = await Promise.all([import('./diagnose.ts'), import('./installation.ts')]);
    const settings = await readSettings(host, options.url);
    const findings = await diagnose(settings, thisMachine(host), options.timeout * 1_000);
    return { json: findings, text: reportText(findings), exit: exitOf(findings) };
  });
}
