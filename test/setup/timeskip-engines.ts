import type { TestProject } from 'vitest/node';
import { ensureTestServer } from '../../dev/engines/test-server.ts';
import { postgresForTests } from './engines.ts';

export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const [postgres, server] = await Promise.all([postgresForTests(), ensureTestServer({ log: console.log })]);
  provide('postgresUrl', postgres.value);
  provide('timeSkippingServer', server);
  return () => postgres.stop();
}
