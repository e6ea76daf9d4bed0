import fc from 'fast-check';
import { expect } from 'vitest';

/** Repeats the cases of one seed: PROPERTY_SEED=123 npx vitest run --project unit test/order/model.unit.test.ts */
const seed = Number(process.env.PROPERTY_SEED ?? Number.NaN);
if (process.env.PROPERTY_SEED !== undefined && !Number.isSafeInteger(seed))
  throw new Error('PROPERTY_SEED must be a whole number');

/** Throws fast-check's report of a failed property, with the command that repeats it. */
function report<T>(run: fc.RunDetails<T>): void {
  if (!run.failed) return;
  const { testPath } = expect.getState();
  const file = testPath?.replace(`${process.cwd()}/`, '') ?? 'test/…';
  const command = `PROPERTY_SEED=${run.seed} npx vitest run ${file}`;
  throw new Error(`${fc.defaultReportMessage(run)}\nRepeat it with: ${command}`, { cause: run.errorInstance });
}

fc.configureGlobal({ reporter: report, ...(Number.isSafeInteger(seed) ? { seed } : {}) });
