import { type CheckedFinding, examine } from './check.ts';
import { CHECKS } from './checks/index.ts';
import { type Outside, openInstallation } from './installation.ts';
import type { Settings } from './settings.ts';

/** An engine must have said that it is down before the checks that need it run out of time. */
const FOR_ENGINES = 0.8;

/** Runs all checks on an installation, and returns what they found, in their order. */
export async function diagnose(
  settings: Settings,
  outside: Outside,
  limitMs: number,
): Promise<readonly CheckedFinding[]> {
  const installation = openInstallation(settings, outside, limitMs * FOR_ENGINES);
  try {
    return await examine(CHECKS, installation, limitMs);
  } finally {
    await installation.close();
  }
}
