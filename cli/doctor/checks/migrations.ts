import { type MigrationState, readMigrationState } from '../../../db/migration-state.ts';
import { check } from '../check.ts';
import { counted, type Finding, ok, warning, wrong } from '../finding.ts';

const named = (names: readonly string[]): string =>
  `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;

export function judgeMigrations({ missing, edited, newer, oldFunctions }: MigrationState): Finding[] {
  const findings: Finding[] = [];
  if (edited.length > 0) {
    const says = `${named(edited)} was edited after this database had run it`;
    findings.push(wrong(says, 'restore the text of that file, and put the change into a new migration'));
  }
  if (missing.length > 0) {
    const says = `the database is behind: it lacks ${counted(missing.length, 'migration')} (${named(missing)})`;
    findings.push(wrong(says, 'npm run migrate'));
  }
  if (newer.length > 0) {
    const says = `the database is ahead of this version: it has run ${named(newer)}`;
    findings.push(warning(says, 'start API and workers of the version that migrated it'));
  } else if (oldFunctions.length > 0) {
    // A newer version has replaced functions on purpose; beside it they are not old.
    const says = `the database has other functions than this version: ${named(oldFunctions)}`;
    findings.push(wrong(says, 'npm run migrate'));
  }
  return findings.length === 0 ? [ok('the database is at this version')] : findings;
}

export const migrations = check(
  'migrations',
  async ({ database }) => readMigrationState(await database()),
  judgeMigrations,
);
