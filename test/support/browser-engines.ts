import type { TestProject } from 'vitest/node';
import { postgresForTests, temporalWithUi } from './engines.ts';

export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const [postgres, temporal] = await Promise.all([postgresForTests(), temporalWithUi()]);
  provide('postgresUrl', postgres.value);
  provide('temporalAddress', temporal.value.address);
  provide('temporalUi', temporal.value.ui);
  return async () => {
    await Promise.all([postgres.stop(), temporal.stop()]);
  };
}
