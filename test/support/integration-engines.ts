import type { TestProject } from 'vitest/node';
import { postgresForTests, temporalForTests } from './engines.ts';

export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const [postgres, temporal] = await Promise.all([postgresForTests(), temporalForTests()]);
  provide('postgresUrl', postgres.value);
  provide('temporalAddress', temporal.value);
  return async () => {
    await Promise.all([postgres.stop(), temporal.stop()]);
  };
}
