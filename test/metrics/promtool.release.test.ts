import { afterEach, expect, test, vi } from 'vitest';
import { programOfPrometheus, promtool } from '../support/monitoring/promtool.ts';

afterEach(() => void vi.unstubAllEnvs());

test('Prometheus accepts the rules and the configuration of docker-compose.yml', async () => {
  expect(await promtool('check', 'rules', 'ops/alerts.yml')).toMatch(/SUCCESS: \d+ rules found/);
  // The rules have another path in the container.
  expect(await promtool('check', 'config', '--syntax-only', 'ops/prometheus.yml')).toContain('SUCCESS');
});

test('each alert fires when its condition has lasted, and otherwise not', async () => {
  expect(await promtool('test', 'rules', 'ops/alerts.test.yml')).toContain('SUCCESS');
});

test('Prometheus that is not there is asked for in words a person can follow', async () => {
  vi.stubEnv('PATH', '/nowhere');
  vi.stubEnv('PROMTOOL_PATH', undefined);
  await expect(programOfPrometheus('promtool')).rejects.toThrow(
    "the tests of the alerts need promtool. Install Debian's package prometheus (apt-get install prometheus), or set PROMTOOL_PATH.",
  );
  vi.stubEnv('PROMTOOL_PATH', '/gone/promtool');
  await expect(programOfPrometheus('promtool')).rejects.toThrow('which is not a program');
});
