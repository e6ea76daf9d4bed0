import type { TestProject } from 'vitest/node';
import { postgresForTests } from './engines.ts';

export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const postgres = await postgresForTests();
  provide('postgresUrl', postgres.value);
  return () => postgres.stop();
}
